package io.weir.launcher.replay;

import io.weir.routing.replay.OverloadResult;
import io.weir.routing.replay.OverloadResult.ClassOutcome;
import io.weir.routing.replay.OverloadResult.TenantOutcome;
import io.weir.routing.replay.OverloadScenario;
import io.weir.schemas.RequestClass;
import java.util.Comparator;
import java.util.Locale;

/** Results under overload for people. */
final class OverloadTable {
  private OverloadTable() {}

  /** What is replayed, and the names of the columns. */
  static String head(OverloadScenario scenario) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%,d requests, mean %,.0f tokens in and %,.0f out, to %d engines that serve %.1f/s%n",
            scenario.trace().requests().size(),
            scenario.trace().meanPromptTokens(),
            scenario.trace().meanOutputTokens(),
            scenario.engines().size(),
            scenario.capacityPerSecond()));
    for (RequestClass each : RequestClass.values()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-8s %3.0f %% of the requests, worth %s each within TTFT %d ms and TPOT %d ms%n",
              each.name().toLowerCase(Locale.ROOT),
              100 * scenario.mix().parts().get(each),
              scenario.mix().values().get(each),
              scenario.mix().targets().ttft(each).toMillis(),
              scenario.mix().targets().tpot().toMillis()));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "One of %d tenants sends %.0f %% of them.%n",
            scenario.mix().tenants(),
            100 * scenario.mix().largest()));
    text.append(
        String.format(
            Locale.ROOT,
            "%-5s %-16s %6s %6s %8s %8s %8s %8s %10s %17s%n",
            "load",
            "",
            "value",
            "wasted",
            "priority",
            "standard",
            "flex",
            "batch",
            "prio p99",
            "largest/others"));
    return text.toString();
  }

  /** One policy at one load. */
  static String row(OverloadResult result) {
    Comparator<TenantOutcome> byOffer = Comparator.comparingDouble(TenantOutcome::offered);
    TenantOutcome largest = result.tenants().stream().max(byOffer).orElseThrow();
    double others =
        result.tenants().stream()
            .filter(tenant -> !tenant.equals(largest))
            .mapToDouble(TenantOutcome::met)
            .average()
            .orElse(0);
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%-5s %-16s %6.3f %6.3f",
            result.load(),
            result.policy().label(),
            result.value(),
            result.wasted()));
    for (ClassOutcome each : result.classes()) {
      text.append(String.format(Locale.ROOT, " %8.3f", each.met()));
    }
    text.append(
        String.format(
            Locale.ROOT,
            " %7.0f ms %9.3f / %.3f%n",
            result.outcome(RequestClass.PRIORITY).ttft().p99(),
            largest.met(),
            others));
    return text.toString();
  }
}
