package io.weir.flink;

import io.weir.routing.plan.Plan;
import io.weir.routing.plan.PublishReason;
import io.weir.schemas.RoutingWeights;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/**
 * What an operator of the job sees: for each pool the time the last planning took in ms ({@code
 * solveMillis}), its certified gap ({@code gap}) and the age of its tables in ms ({@code
 * weightsAgeMillis}); tables published by reason; plannings that failed.
 */
final class PlanMetrics {
  private final MetricGroup group;
  private final Map<PublishReason, Counter> published = new EnumMap<>(PublishReason.class);
  private final Counter failures;
  private final Map<String, PoolFigures> pools = new HashMap<>();

  /** One pool's figures; written by the task, read by reporters. */
  private static final class PoolFigures {
    private volatile double solveMillis;
    private volatile double gap;
    private volatile long publishedAt;
  }

  PlanMetrics(MetricGroup group) {
    this.group = group;
    for (PublishReason reason : PublishReason.values()) {
      published.put(reason, group.addGroup("reason", reason.label()).counter("tablesPublished"));
    }
    failures = group.counter("failedPlannings");
  }

  void planned(String pool, Plan plan, Duration took) {
    PoolFigures figures = pools.computeIfAbsent(pool, this::register);
    figures.solveMillis = took.toNanos() / 1e6;
    figures.publishedAt = plan.memory().getPublishedAt().toEpochMilli();
    figures.gap =
        plan.memory().getTables().stream()
            .map(RoutingWeights::getCertificate)
            .mapToDouble(certificate -> certificate.getGap())
            .max()
            .orElse(0);
    published.get(plan.reason()).inc(plan.publish().size());
  }

  void failed() {
    failures.inc();
  }

  /** Figures of a pool that is gone stay registered, for Flink cannot take them back, but are 0. */
  void forget(String pool) {
    PoolFigures figures = pools.get(pool);
    if (figures != null) {
      figures.solveMillis = 0;
      figures.gap = 0;
      figures.publishedAt = 0;
    }
  }

  private PoolFigures register(String pool) {
    PoolFigures figures = new PoolFigures();
    MetricGroup of = group.addGroup("pool", pool);
    of.gauge("solveMillis", () -> figures.solveMillis);
    of.gauge("gap", () -> figures.gap);
    of.gauge(
        "weightsAgeMillis",
        () -> figures.publishedAt == 0 ? 0 : System.currentTimeMillis() - figures.publishedAt);
    return figures;
  }
}
