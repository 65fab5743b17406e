package io.weir.schemas;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the topics of the catalogue exist. */
public final class TopicCreator {
  private static final Logger LOG = LoggerFactory.getLogger(TopicCreator.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(20);

  private final Admin admin;
  private final Map<String, TopicSpec<?>> wanted;
  private final long deadline = System.nanoTime() + PATIENCE.toNanos();

  private TopicCreator(Admin admin, List<TopicSpec<?>> topics) {
    this.admin = admin;
    this.wanted =
        topics.stream()
            .collect(
                Collectors.toMap(
                    TopicSpec::name, Function.identity(), (first, second) -> first, TreeMap::new));
  }

  /**
   * Creates what is missing and returns when every partition has a leader. An existing topic is
   * never changed: where it differs from what is wanted, a warning says how. Safe to call from
   * several processes at once.
   *
   * @throws TopicCreationException if a topic cannot be created or has no leader within 30 seconds
   */
  public static void ensure(Admin admin, List<TopicSpec<?>> topics) {
    new TopicCreator(admin, topics).ensure();
  }

  private void ensure() {
    Map<String, TopicDescription> existing = describe();
    Set<String> created =
        create(
            wanted.values().stream().filter(topic -> !existing.containsKey(topic.name())).toList());
    Map<String, TopicDescription> others = awaitLeaders();
    others.keySet().removeAll(created);
    others.values().forEach(this::warnOfPartitions);
    warnOfConfigs(others.keySet());
  }

  /** Creates topics; returns those that nobody else has created meanwhile. */
  private Set<String> create(List<TopicSpec<?>> missing) {
    Set<String> created = new HashSet<>();
    List<NewTopic> requests = missing.stream().map(TopicCreator::request).toList();
    for (Map.Entry<String, KafkaFuture<Void>> request :
        admin.createTopics(requests).values().entrySet()) {
      String topic = request.getKey();
      try {
        await(request.getValue());
        created.add(topic);
        LOG.info("topic created topic={} partitions={}", topic, wanted.get(topic).partitions());
      } catch (ExecutionException failure) {
        if (!(failure.getCause() instanceof TopicExistsException)) {
          throw failure("create topic " + topic, failure.getCause());
        }
      }
    }
    return created;
  }

  private static NewTopic request(TopicSpec<?> topic) {
    Optional<Short> replicas =
        topic.replicationFactor() == -1 ? Optional.empty() : Optional.of(topic.replicationFactor());
    return new NewTopic(topic.name(), Optional.of(topic.partitions()), replicas)
        .configs(topic.configs());
  }

  private Map<String, TopicDescription> describe() {
    Map<String, TopicDescription> found = new TreeMap<>();
    for (Map.Entry<String, KafkaFuture<TopicDescription>> topic :
        admin.describeTopics(wanted.keySet()).topicNameValues().entrySet()) {
      try {
        found.put(topic.getKey(), await(topic.getValue()));
      } catch (ExecutionException failure) {
        if (!(failure.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw failure("describe topic " + topic.getKey(), failure.getCause());
        }
      }
    }
    return found;
  }

  private Map<String, TopicDescription> awaitLeaders() {
    while (true) {
      Map<String, TopicDescription> found = describe();
      List<String> unready =
          wanted.keySet().stream()
              .filter(name -> !found.containsKey(name) || !hasLeaders(found.get(name)))
              .toList();
      if (unready.isEmpty()) {
        return found;
      }
      if (System.nanoTime() > deadline) {
        throw new TopicCreationException(
            "These topics have partitions without a leader after %d s: %s. Check that enough brokers are up."
                .formatted(PATIENCE.toSeconds(), String.join(", ", unready)));
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  private static boolean hasLeaders(TopicDescription topic) {
    return topic.partitions().stream()
        .map(TopicPartitionInfo::leader)
        .allMatch(leader -> leader != null && !leader.isEmpty());
  }

  private void warnOfPartitions(TopicDescription found) {
    int partitions = wanted.get(found.name()).partitions();
    if (found.partitions().size() != partitions) {
      LOG.warn(
          "topic={} has {} partitions where the configuration says {}; it is used as it is",
          found.name(),
          found.partitions().size(),
          partitions);
    }
  }

  private void warnOfConfigs(Collection<String> names) {
    List<ConfigResource> resources =
        names.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
    for (Map.Entry<ConfigResource, KafkaFuture<Config>> entry :
        admin.describeConfigs(resources).values().entrySet()) {
      String topic = entry.getKey().name();
      try {
        for (String difference :
            differences(wanted.get(topic).configs(), await(entry.getValue()))) {
          LOG.warn("topic={} {}; it is used as it is", topic, difference);
        }
      } catch (ExecutionException failure) {
        // Reading configurations is a permission of its own, and nothing depends on it.
        LOG.warn("topic={} could not be checked: {}", topic, String.valueOf(failure.getCause()));
      }
    }
  }

  private static List<String> differences(Map<String, String> wanted, Config found) {
    List<String> differences = new ArrayList<>();
    new TreeMap<>(wanted)
        .forEach(
            (key, value) -> {
              ConfigEntry entry = found.get(key);
              if (entry != null && !value.equals(entry.value())) {
                differences.add(
                    "has %s=%s where Weir would set %s".formatted(key, entry.value(), value));
              }
            });
    return differences;
  }

  private <T> T await(KafkaFuture<T> future) throws ExecutionException {
    try {
      return future.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      throw new TopicCreationException(
          "Kafka did not answer within %d s while topics were being created. Check bootstrap.servers and the brokers' logs."
              .formatted(PATIENCE.toSeconds()),
          late);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new TopicCreationException("Interrupted while topics were being created.", stopped);
    }
  }

  private static TopicCreationException failure(String what, Throwable cause) {
    return new TopicCreationException(
        "Cannot %s: %s (%s). %s"
            .formatted(what, cause.getMessage(), cause.getClass().getSimpleName(), advice(cause)),
        cause);
  }

  private static String advice(Throwable cause) {
    return switch (cause) {
      case AuthorizationException denied ->
          "Grant this user DESCRIBE and CREATE on it, or create it beforehand.";
      case InvalidReplicationFactorException tooFew ->
          "Start more brokers, or ask for fewer copies.";
      case AuthenticationException refused -> "Check the user, the password and sasl.mechanism.";
      case RetriableException away -> "Check bootstrap.servers and that the brokers are up.";
      default -> "The brokers' logs say more.";
    };
  }
}
