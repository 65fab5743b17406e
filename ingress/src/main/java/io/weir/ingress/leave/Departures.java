package io.weir.ingress.leave;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.weir.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cancels requests whose clients have left, those that can be come back to after a grace. Clients
 * may come back to any ingress, so the ingresses tell each other: who sees the last client of a
 * request leave says LEFT, whoever still has one answers ATTACHED, as does whoever gets one, and
 * the grace of all others ends with that: it is for the one that has the client to cancel.
 *
 * <p>An ingress that dies in a grace forgets it; the request then runs to its end.
 */
public final class Departures implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Departures.class);

  private final Notices notices;
  private final String instance;
  private final Predicate<String> isAwaited;
  private final int most;
  private final int partitions;
  private final Map<String, Future<?>> graces = new ConcurrentHashMap<>();
  private final ScheduledThreadPoolExecutor timer;

  /**
   * A request whose client left.
   *
   * @param id the request
   * @param source where it entered
   * @param expiresAt when it ends by itself
   */
  public record Departed(String id, String source, Instant expiresAt) {}

  /**
   * @param instance this ingress
   * @param partitions of the topic of idempotency keys, which the markers are in
   * @param isAwaited whether a client waits here for the answer to a request
   * @param most graces that may run at once; beyond that there is none
   */
  public Departures(
      Notices notices,
      String instance,
      int partitions,
      Predicate<String> isAwaited,
      int most,
      MeterRegistry metrics) {
    this.notices = notices;
    this.instance = instance;
    this.isAwaited = isAwaited;
    this.most = most;
    this.partitions = partitions;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("weir-ingress-departures").factory());
    timer.setRemoveOnCancelPolicy(true);
    metrics.gaugeMapSize("weir.ingress.graces", Tags.empty(), graces);
  }

  /** A client left that nobody can come back for. */
  public void gone(Departed request, CancelReason reason) {
    var unused = notices.cancel(request.id(), request.source(), reason, request.expiresAt());
  }

  /** A client left that may come back within the grace. */
  public void left(Departed request, Duration grace) {
    if (isAwaited.test(request.id())) {
      return;
    }
    if (graces.size() >= most) {
      gone(request, CancelReason.CLIENT_GONE);
      return;
    }
    announce(Marker.Event.LEFT, request.id());
    try {
      Future<?> end =
          timer.schedule(() -> endGrace(request), grace.toMillis(), TimeUnit.MILLISECONDS);
      Future<?> earlier = graces.put(request.id(), end);
      if (earlier != null) {
        earlier.cancel(false);
      }
    } catch (RejectedExecutionException e) {
      LOG.debug("closing; the request runs on request_id={}", request.id(), e);
    }
  }

  private void endGrace(Departed request) {
    graces.remove(request.id());
    if (!isAwaited.test(request.id())) {
      gone(request, CancelReason.CLIENT_GONE);
    }
  }

  /** A client came back for the answer, to this ingress. */
  public void attached(String id) {
    endGraceOf(id);
    announce(Marker.Event.ATTACHED, id);
  }

  /** An ingress told something; must not block. */
  public void heard(Marker marker) {
    if (marker.instance().equals(instance)) {
      return;
    }
    switch (marker.event()) {
      case ATTACHED -> endGraceOf(marker.requestId());
      case LEFT -> {
        if (isAwaited.test(marker.requestId())) {
          announce(Marker.Event.ATTACHED, marker.requestId());
        }
      }
    }
  }

  private void endGraceOf(String id) {
    Future<?> grace = graces.remove(id);
    if (grace != null) {
      grace.cancel(false);
    }
  }

  private void announce(Marker.Event event, String id) {
    var unused =
        notices.send(new Marker(event, instance, id).record(Topics.idempotency(), partitions));
  }

  /** Ends all graces; the requests run on. */
  @Override
  public void close() {
    timer.shutdownNow();
  }
}
