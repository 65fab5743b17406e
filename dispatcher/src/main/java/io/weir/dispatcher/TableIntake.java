package io.weir.dispatcher;

import io.weir.dispatcher.EngineDirectory.Hosting;
import io.weir.routing.pick.TableVerdict;
import io.weir.schemas.RoutingWeights;
import java.time.Clock;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings tables of weights to the pools they are for, and tells what became of them. */
final class TableIntake {
  private static final Logger LOG = LoggerFactory.getLogger(TableIntake.class);

  private final String source;
  private final Map<String, PoolDesk> desks;
  private final Hosting hosting;
  private final DispatcherMetrics metrics;
  private final Clock clock;

  TableIntake(
      String source,
      Map<String, PoolDesk> desks,
      Hosting hosting,
      DispatcherMetrics metrics,
      Clock clock) {
    this.source = source;
    this.desks = Map.copyOf(desks);
    this.hosting = hosting;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Takes a table of any source and pool. */
  void offer(RoutingWeights table) {
    PoolDesk desk = desks.get(table.getPool());
    if (desk == null || !table.getSource().equals(source)) {
      return;
    }
    PoolDesk.Offered offered = desk.offered(table, clock.millis() - table.getAt().toEpochMilli());
    hosting.place(desk, offered.placements());
    offered.verdict().ifPresent(verdict -> tell(table, verdict));
  }

  private void tell(RoutingWeights table, TableVerdict verdict) {
    switch (verdict) {
      case TableVerdict.Accepted accepted -> {
        metrics.tableApplied(table.getPool());
        LOG.debug("weights applied pool={} version={}", table.getPool(), accepted.table().name());
      }
      case TableVerdict.Refused(TableVerdict.Reason reason, String detail) -> {
        metrics.tableRefused(table.getPool(), reason);
        if (reason == TableVerdict.Reason.NOT_NEWER) {
          LOG.debug("weights passed over pool={}: {}", table.getPool(), detail);
        } else {
          LOG.warn(
              "weights refused pool={} version={}.{} reason={}: {}",
              table.getPool(),
              table.getEpoch(),
              table.getVersion(),
              reason,
              detail);
        }
      }
    }
  }
}
