package io.weir.launcher.process;

import io.weir.schemas.AcceptedRequest;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.RequestClass;
import io.weir.schemas.TopicFollower;
import io.weir.schemas.TopicFollower.Start;
import io.weir.schemas.Topics;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Who waited from when to when, by the lifecycle. Times are milliseconds since the epoch. */
final class ServiceLog implements TopicFollower.Listener, AutoCloseable {
  /**
   * One request that waited.
   *
   * @param until when it went to an engine or ended without one; {@link Long#MAX_VALUE} if it still
   *     waits
   */
  record Wait(RequestClass requestClass, String tenant, long from, long until, boolean served) {}

  private final Map<String, Wait> waits = new HashMap<>();
  private TopicFollower follower;

  private ServiceLog() {}

  static ServiceLog of(KafkaSettings kafka) throws InterruptedException {
    ServiceLog log = new ServiceLog();
    log.follower =
        TopicFollower.start(
            kafka, "test-service", List.of(Topics.lifecycle()), Start.BEGINNING, log);
    if (!log.follower.awaitCaughtUp(Duration.ofSeconds(60))) {
      throw new IllegalStateException("the lifecycle cannot be read");
    }
    return log;
  }

  @Override
  public synchronized void record(ConsumerRecord<String, SpecificRecord> record) {
    if (!(record.value() instanceof LifecycleEvent event)) {
      return;
    }
    long now = event.getAt().toEpochMilli();
    String id = event.getRequestId();
    event
        .getRequest()
        .map(AcceptedRequest::getEnqueuedAt)
        .ifPresent(
            from ->
                waits.merge(
                    id,
                    new Wait(
                        event.getRequestClass(),
                        event.getTenant(),
                        from.toEpochMilli(),
                        Long.MAX_VALUE,
                        false),
                    (known, fresh) -> known));
    Wait wait = waits.get(id);
    if (wait != null && wait.until() == Long.MAX_VALUE && ends(event.getType())) {
      boolean served = event.getType() == LifecycleType.DISPATCHED;
      waits.put(id, new Wait(wait.requestClass(), wait.tenant(), wait.from(), now, served));
    }
  }

  private static boolean ends(LifecycleType type) {
    return switch (type) {
      case DISPATCHED, SUCCEEDED, FAILED, SHED, EXPIRED, CANCELLED, DEAD_LETTERED -> true;
      default -> false;
    };
  }

  /** Requests that went to an engine, in that order. */
  synchronized List<Wait> servedSince(long from) {
    return waits.values().stream()
        .filter(wait -> wait.served() && wait.until() >= from)
        .sorted(Comparator.comparingLong(Wait::until))
        .toList();
  }

  /** Of requests below priority, those served while a priority request waited longer than this. */
  synchronized List<Wait> servedBefore(List<Wait> served, long millis) {
    List<Wait> late =
        waits.values().stream()
            .filter(wait -> wait.requestClass() == RequestClass.PRIORITY)
            .filter(wait -> wait.until() - wait.from() > millis)
            .toList();
    return served.stream()
        .filter(wait -> wait.requestClass() != RequestClass.PRIORITY)
        .filter(
            wait ->
                late.stream()
                    .anyMatch(
                        held -> wait.until() > held.from() + millis && wait.until() < held.until()))
        .toList();
  }

  @Override
  public void close() {
    follower.close();
  }
}
