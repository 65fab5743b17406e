package io.weir.embedded;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.security.plain.PlainLoginModule;

/** Kafka's configuration for a broker that shares a small machine with everything else. */
final class BrokerProperties {
  static final int ONLY_NODE = 1;
  static final String CLIENTS = "CLIENTS";
  static final String CONTAINERS = "CONTAINERS";
  static final String CONTROLLER = "CONTROLLER";

  private static final int MIB = 1024 * 1024;

  private final Map<String, String> properties = new HashMap<>();
  private final Map<String, Listener> listeners = new LinkedHashMap<>();
  private final Optional<Quorum> quorum;

  /** Where a listener is bound and under which name clients find it. */
  record Listener(InetAddress address, String advertisedHost, int port) {}

  BrokerProperties(Path log, int maxRecordBytes, Optional<Quorum> quorum) {
    this.quorum = quorum;
    set("process.roles", "broker,controller");
    set("node.id", quorum.map(Quorum::nodeId).orElse(ONLY_NODE));
    set("log.dirs", log);
    copies(quorum.map(Quorum::copies).orElse(1), quorum.map(Quorum::inSync).orElse(1));
    sessions();
    latency();
    memory(maxRecordBytes);
    quiet();
  }

  BrokerProperties listen(String name, Listener listener) {
    listeners.put(name, listener);
    return this;
  }

  /** All properties, with the listeners open to anyone or to the given users alone. */
  Map<String, String> build(Map<String, String> users) {
    set("listeners", join(listeners, Listener::address));
    Map<String, Listener> advertised = new LinkedHashMap<>(listeners);
    advertised.remove(CONTROLLER);
    set("advertised.listeners", join(advertised, Listener::advertisedHost));
    set("inter.broker.listener.name", CLIENTS);
    set("controller.listener.names", CONTROLLER);
    Listener controller = listeners.get(CONTROLLER);
    set(
        "controller.quorum.voters",
        quorum
            .map(nodes -> nodes.voters(controller.advertisedHost()))
            .orElse(ONLY_NODE + "@" + controller.advertisedHost() + ":" + controller.port()));
    String protocol = users.isEmpty() ? "PLAINTEXT" : "SASL_PLAINTEXT";
    set(
        "listener.security.protocol.map",
        listeners.keySet().stream()
            .map(name -> name + ":" + protocol)
            .collect(Collectors.joining(",")));
    if (!users.isEmpty()) {
      authenticate(users);
    }
    return Map.copyOf(properties);
  }

  private void copies(int copies, int inSync) {
    for (String topic :
        List.of(
            "offsets.topic", "transaction.state.log", "share.coordinator.state.topic", "default")) {
      set(topic + ".replication.factor", copies);
    }
    set("transaction.state.log.min.isr", inSync);
    set("share.coordinator.state.topic.min.isr", inSync);
    set("min.insync.replicas", inSync);
    // Topics come from the catalogue; a misspelt name should fail.
    set("auto.create.topics.enable", false);
  }

  private void sessions() {
    if (quorum.isPresent()) {
      // While a dead broker's session lasts, nobody leads its partitions, and whatever it keeps a
      // copy of waits for it to acknowledge.
      set("broker.session.timeout.ms", 6_000);
      set("broker.heartbeat.interval.ms", 1_000);
      return;
    }
    // After a crash the controller takes the broker back only when its old session has ended, so
    // this is how much longer such a start takes. It must outlast the pauses of a busy machine all
    // the same: a broker fenced by its own controller has no leaders, and requests get 503 (seen
    // with 3 s on two cores under a load of ten).
    set("broker.session.timeout.ms", 10_000);
    set("broker.heartbeat.interval.ms", 1_000);
  }

  private void latency() {
    // The first member of a group need not wait for others.
    set("group.initial.rebalance.delay.ms", 0);
    set("group.consumer.assignment.interval.ms", 0);
    // A dead dispatcher's partitions go to the others after its session and one heartbeat. What it
    // held is requeued when its lease of 3 s and the margin are over, partly through partitions
    // that
    // are still its own: a longer session would hold that up.
    set("group.consumer.min.session.timeout.ms", 1_000);
    set("group.consumer.session.timeout.ms", 3_500);
    set("group.consumer.min.heartbeat.interval.ms", 500);
    set("group.consumer.heartbeat.interval.ms", 500);
    set("group.min.session.timeout.ms", 1_000);
    // What a killed controller had under way holds its successor up until it is aborted; ten
    // seconds
    // for the transaction are enough without ten more until somebody looks.
    set("transaction.abort.timed.out.transaction.cleanup.interval.ms", 1_000);
  }

  private void memory(int maxRecordBytes) {
    set("message.max.bytes", maxRecordBytes);
    // One record of the largest size, with room for a batch of others around it ...
    int request = Math.max(32 * MIB, 2 * maxRecordBytes);
    set("socket.request.max.bytes", request);
    // ... and two such requests in memory at once: further ones wait in their sockets.
    set("queued.max.request.bytes", 2L * request);
    // One machine, a few clients: threads beyond the cores only add stacks and switches. Network
    // threads are counted for each listener.
    set("num.network.threads", 2);
    set("listener.name.controller.num.network.threads", 1);
    set("num.io.threads", 4);
    set("background.threads", 2);
    set("group.coordinator.threads", 1);
    set("group.coordinator.background.threads", 1);
    set("share.coordinator.threads", 1);
    set("num.recovery.threads.per.data.dir", 1);
    // 128 MiB by default, to compact topics far larger than ours.
    set("log.cleaner.threads", 1);
    set("log.cleaner.dedupe.buffer.size", 2 * MIB);
    set("log.cleaner.io.buffer.size", MIB / 4);
    // Each partition is a log, a coordinator and a load at start; there are few groups.
    set("offsets.topic.num.partitions", 4);
    set("transaction.state.log.num.partitions", 4);
    set("share.coordinator.state.topic.num.partitions", 1);
    set("offsets.load.buffer.size", MIB);
    // Every partition maps two index files of this size; an index entry covers 4 KiB of a segment.
    set("log.index.size.max.bytes", MIB);
    set("log.segment.bytes", 256 * MIB);
  }

  private void quiet() {
    if (quorum.isEmpty()) {
      // A beat in the metadata log is for standby controllers; there are none. Still, not never: it
      // is also what lets time-based snapshots happen.
      set("metadata.max.idle.interval.ms", 10_000);
    }
    // Hundreds of MBeans nobody reads.
    set("metric.reporters", "");
    set("metrics.jmx.exclude", ".*");
  }

  private void authenticate(Map<String, String> users) {
    set("sasl.enabled.mechanisms", "PLAIN");
    set("sasl.mechanism.inter.broker.protocol", "PLAIN");
    set("sasl.mechanism.controller.protocol", "PLAIN");
    String own = Uuid.randomUuid().toString();
    String jaas =
        "%s required username=\"weir-broker\" password=\"%s\" user_weir-broker=\"%s\"%s;"
            .formatted(
                PlainLoginModule.class.getName(),
                own,
                own,
                users.entrySet().stream()
                    .map(user -> " user_%s=\"%s\"".formatted(user.getKey(), quote(user.getValue())))
                    .collect(Collectors.joining()));
    for (String listener : listeners.keySet()) {
      set("listener.name." + listener.toLowerCase(Locale.ROOT) + ".plain.sasl.jaas.config", jaas);
    }
  }

  private static String quote(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private static String join(Map<String, Listener> listeners, Function<Listener, Object> host) {
    return listeners.entrySet().stream()
        .map(
            entry -> {
              Object name = host.apply(entry.getValue());
              String text =
                  name instanceof InetAddress address ? address.getHostAddress() : name.toString();
              return entry.getKey() + "://" + text + ":" + entry.getValue().port();
            })
        .collect(Collectors.joining(","));
  }

  private void set(String key, Object value) {
    properties.put(key, value.toString());
  }
}
