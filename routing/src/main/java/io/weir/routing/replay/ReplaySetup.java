package io.weir.routing.replay;

import io.weir.routing.pick.LeastCostOptions;
import java.util.ArrayList;
import java.util.List;

/** Puts together what a policy needs. */
final class ReplaySetup {
  private ReplaySetup() {}

  static PlannedWeights weights(ReplayScenario scenario, ReplayPolicy policy) {
    double requests = 0;
    double prompt = 0;
    double output = 0;
    for (ReplaySource source : scenario.sources()) {
      double count = source.trace().requests().size();
      requests += count;
      prompt += count * source.trace().meanPromptTokens();
      output += count * source.trace().meanOutputTokens();
    }
    PlannedWeights byCapacity =
        new CapacityWeights(scenario.engines(), prompt / requests, output / requests);
    return policy == ReplayPolicy.WEIR ? new PlannerWeights(scenario, byCapacity) : byCapacity;
  }

  static List<SimulatedDispatcher> dispatchers(
      ReplayScenario scenario,
      ReplayPolicy policy,
      int source,
      List<SimulatedEngine> truth,
      SimulatedDispatcher.Sender sender,
      Seeds seeds) {
    ReplaySource site = scenario.sources().get(source);
    int all = scenario.sources().stream().mapToInt(ReplaySource::dispatchers).sum();
    List<SimulatedDispatcher> dispatchers = new ArrayList<>();
    for (int d = 0; d < site.dispatchers(); d++) {
      List<EngineSeen> seen = new ArrayList<>();
      for (ReplayEngine engine : scenario.engines()) {
        double roundTrip = scenario.roundTrips().millis(site.region(), engine.region());
        int limit = Math.min(engine.profile().maxNumSeqs(), scenario.settings().inFlightLimit());
        seen.add(new EngineSeen(seen.size(), engine, roundTrip, all, limit));
      }
      dispatchers.add(
          new SimulatedDispatcher(
              source, List.copyOf(seen), chooser(scenario, policy, truth), sender, seeds));
    }
    return List.copyOf(dispatchers);
  }

  private static Chooser chooser(
      ReplayScenario scenario, ReplayPolicy policy, List<SimulatedEngine> truth) {
    return switch (policy) {
      case PREQUAL -> new PrequalChooser(truth);
      case PREFIX_QUEUE_KV -> new PrefixQueueKvChooser(scenario.engines());
      case ORACLE -> new OracleChooser(truth, scenario.engines());
      case WEIR -> new LeastCostChooser(LeastCostOptions.DEFAULT);
      default -> new PickerChooser(policy.classic());
    };
  }
}
