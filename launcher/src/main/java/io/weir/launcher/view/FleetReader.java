package io.weir.launcher.view;

import io.weir.schemas.KafkaSettings;
import io.weir.schemas.TopicFollower;
import io.weir.schemas.TopicFollower.Start;
import io.weir.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;

/** Reads the topics that say what the fleet looks like. */
public final class FleetReader implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Two samples of an engine are a second apart. */
  private static final Duration FIRST_SAMPLES = Duration.ofMillis(1500);

  private static final long POLL_MILLIS = 20;

  /**
   * What is read beside engines, members and weights, of which only what comes from now on counts.
   */
  public enum Live {
    TELEMETRY(Topics.telemetry()),
    LIFECYCLE(Topics.lifecycle());

    private final String topic;

    Live(String topic) {
      this.topic = topic;
    }
  }

  private final FleetState state = new FleetState();
  private final List<TopicFollower> followers = new ArrayList<>();

  private FleetReader() {}

  /**
   * Begins to read and waits until everything that is there was read.
   *
   * @throws NothingThereException if there is no Kafka, or no Weir ever used it
   */
  public static FleetReader open(KafkaSettings kafka, Set<Live> live) throws InterruptedException {
    List<String> state = List.of(Topics.engines(), Topics.members(), Topics.weights());
    check(kafka, state);
    FleetReader reader = new FleetReader();
    TopicFollower whole = TopicFollower.start(kafka, "view", state, Start.BEGINNING, reader.state);
    reader.followers.add(whole);
    if (!live.isEmpty()) {
      reader.followers.add(
          TopicFollower.start(
              kafka,
              "view-live",
              live.stream().map(topic -> topic.topic).sorted().toList(),
              Start.END,
              reader.state));
    }
    boolean ready = whole.awaitCaughtUp(PATIENCE);
    if (ready && live.contains(Live.TELEMETRY)) {
      reader.awaitSamples();
    }
    if (!ready) {
      reader.close();
      throw new NothingThereException(
          "Kafka at " + kafka.bootstrapServers() + " is too slow to be read; try again.");
    }
    return reader;
  }

  FleetState state() {
    return state;
  }

  private void awaitSamples() throws InterruptedException {
    long deadline = System.nanoTime() + FIRST_SAMPLES.toNanos();
    while (!state.everySampleIsThere() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  private static void check(KafkaSettings kafka, List<String> topics) throws InterruptedException {
    Properties properties = kafka.admin();
    properties.put("default.api.timeout.ms", Long.toString(PATIENCE.toMillis()));
    properties.put("request.timeout.ms", Long.toString(PATIENCE.toMillis()));
    Optional<Set<String>> there;
    try (Admin admin = Admin.create(properties)) {
      there =
          Optional.of(admin.listTopics().names().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new NothingThereException(
          "No Kafka answers at "
              + kafka.bootstrapServers()
              + ". Start ./weir up, or name yours with --config or its ports with --base-port.",
          e);
    }
    if (!there.get().containsAll(topics)) {
      throw new NothingThereException(
          "The Kafka at "
              + kafka.bootstrapServers()
              + " has no Weir topics yet; they are there once ./weir up or a role has started.");
    }
  }

  @Override
  public void close() {
    followers.forEach(TopicFollower::close);
  }
}
