package io.weir.launcher.live;

import io.weir.schemas.EngineSpec;
import io.weir.schemas.EngineWeight;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.RoutingWeights;
import io.weir.schemas.TopicFollower;
import io.weir.schemas.TopicFollower.Start;
import io.weir.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What happened and when, by the broker's own clock, which is this machine's. */
final class EventLog implements TopicFollower.Listener, AutoCloseable {
  /**
   * A request went to an engine.
   *
   * @param at ms since the epoch
   * @param version of the weights it went by; empty where it went by none
   */
  record Dispatch(long at, String source, String pool, String engine, String version) {}

  /** Weights were published. */
  record Table(long at, RoutingWeights weights) {
    String version() {
      return weights.getEpoch() + "." + weights.getVersion();
    }

    Optional<EngineWeight> engine(String id) {
      return weights.getEngines().stream()
          .filter(engine -> engine.getEngine().equals(id))
          .findFirst();
    }

    double weight(String id) {
      return engine(id).map(EngineWeight::getWeight).orElse(0.0);
    }
  }

  /** An engine was published or changed; empty where it was removed. */
  record Change(long at, String engine, Optional<EngineSpec> spec) {}

  private final List<Dispatch> dispatches = new ArrayList<>();
  private final List<Table> tables = new ArrayList<>();
  private final List<Change> changes = new ArrayList<>();
  private TopicFollower follower;

  private EventLog() {}

  /** Begins to listen; what happened before is not there. */
  static EventLog of(KafkaSettings kafka) throws InterruptedException {
    EventLog log = new EventLog();
    log.follower =
        TopicFollower.start(
            kafka,
            "test-events",
            List.of(Topics.lifecycle(), Topics.weights(), Topics.engines()),
            Start.BEGINNING,
            log);
    if (!log.follower.awaitCaughtUp(Duration.ofSeconds(30))) {
      throw new IllegalStateException("the topics cannot be read");
    }
    return log;
  }

  @Override
  public synchronized void record(ConsumerRecord<String, SpecificRecord> record) {
    switch (record.value()) {
      case LifecycleEvent event when event.getType() == LifecycleType.DISPATCHED ->
          dispatches.add(
              new Dispatch(
                  record.timestamp(),
                  event.getSource(),
                  event.getPool(),
                  event.getEngine().orElseThrow(),
                  event.getDecision().flatMap(made -> made.getWeightsVersion()).orElse("")));
      case RoutingWeights weights -> tables.add(new Table(record.timestamp(), weights));
      case EngineSpec spec ->
          changes.add(new Change(record.timestamp(), record.key(), Optional.of(spec)));
      case null -> changes.add(new Change(record.timestamp(), record.key(), Optional.empty()));
      default -> {}
    }
  }

  synchronized List<Dispatch> dispatches(long from, long until) {
    return dispatches.stream().filter(one -> one.at() >= from && one.at() < until).toList();
  }

  synchronized List<Dispatch> dispatchesSince(long from) {
    return dispatches(from, Long.MAX_VALUE);
  }

  /** Part of all dispatches in a time that went to an engine. */
  double share(String engine, long from, long until) {
    List<Dispatch> all = dispatches(from, until);
    long there = all.stream().filter(one -> one.engine().equals(engine)).count();
    return all.isEmpty() ? Double.NaN : (double) there / all.size();
  }

  synchronized List<Table> tablesSince(long from) {
    return tables.stream().filter(one -> one.at() >= from).toList();
  }

  /** The first table from a time on that is as asked. */
  Optional<Table> table(long from, Predicate<Table> as) {
    return tablesSince(from).stream().filter(as).findFirst();
  }

  /** The last table of a source before a time. */
  synchronized Optional<Table> lastBefore(long until, String source) {
    return tables.stream()
        .filter(one -> one.at() < until && one.weights().getSource().equals(source))
        .reduce((earlier, later) -> later);
  }

  /** For people, should a limit not hold: every second's dispatches by engine, and every table. */
  synchronized String history(long from) {
    Map<Long, String> lines = new TreeMap<>();
    Map<Long, Map<String, Integer>> seconds = new TreeMap<>();
    dispatchesSince(from)
        .forEach(
            one ->
                seconds
                    .computeIfAbsent((one.at() - from) / 1000, second -> new TreeMap<>())
                    .merge(one.source() + ">" + one.engine(), 1, Integer::sum));
    seconds.forEach((second, counts) -> lines.put(second * 1000, counts.toString()));
    StringBuilder text = new StringBuilder("\n");
    lines.forEach((at, line) -> text.append(at).append(" ms  ").append(line).append('\n'));
    for (Table table : tablesSince(from)) {
      text.append(table.at() - from)
          .append(" ms  ")
          .append(table.weights().getSource())
          .append(' ')
          .append(table.weights().getReason());
      table
          .weights()
          .getEngines()
          .forEach(
              engine ->
                  text.append(
                      String.format(
                          Locale.ROOT,
                          "  %s w %.3f load %.2f cap %.2f tpot %.1f %s",
                          engine.getEngine(),
                          engine.getWeight(),
                          engine.getLoad(),
                          engine.getCapacityFactor(),
                          engine.getTpotMillis(),
                          engine.getExcluded().orElse(""))));
      text.append("  demand ")
          .append(table.weights().getClasses().stream().mapToDouble(c -> c.getDemand()).sum())
          .append(" stale ")
          .append(table.weights().getStaleInputs())
          .append('\n');
    }
    return text.toString();
  }

  synchronized List<Change> changesSince(long from) {
    return changes.stream().filter(one -> one.at() >= from).toList();
  }

  @Override
  public void close() {
    follower.close();
  }
}
