package io.weir.routing.replay;

import io.weir.routing.engine.EngineSignals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Notes what happens and adds it up. */
final class Ledger {
  private final ReplayScenario scenario;
  private final double[][] dispatches;
  private final double[][] weightSums;
  private final List<LiveRequest> answered = new ArrayList<>();
  private double roundTripMillis;
  private int rejected;

  Ledger(ReplayScenario scenario) {
    this.scenario = scenario;
    int engines = scenario.engines().size();
    dispatches = new double[scenario.sources().size()][engines];
    weightSums = new double[scenario.sources().size()][engines];
  }

  void reject() {
    rejected++;
  }

  /**
   * A request is sent to an engine.
   *
   * @param weights of the request's source, summing to 1
   */
  void dispatched(LiveRequest request, double roundTrip, double[] weights) {
    dispatches[request.source][request.engine]++;
    for (int e = 0; e < weights.length; e++) {
      weightSums[request.source][e] += weights[e];
    }
    roundTripMillis += roundTrip;
  }

  void answered(LiveRequest request) {
    answered.add(request);
  }

  int settled() {
    return answered.size() + rejected;
  }

  ReplayResult result(
      ReplayPolicy policy, Objectives objectives, List<SimulatedEngine> engines, long now) {
    int count = answered.size();
    long[] ttft = new long[count];
    long[] e2e = new long[count];
    long[] tpot = new long[count];
    int streams = 0;
    int good = 0;
    for (int i = 0; i < count; i++) {
      LiveRequest request = answered.get(i);
      ttft[i] = request.firstToken - request.trace.arrivalNanos();
      e2e[i] = request.finished - request.trace.arrivalNanos();
      long perToken = 0;
      if (request.trace.outputTokens() > 1) {
        perToken = (request.finished - request.firstToken) / (request.trace.outputTokens() - 1);
        tpot[streams++] = perToken;
      }
      good += objectives.met(ttft[i], perToken) ? 1 : 0;
    }
    return new ReplayResult(
        policy,
        count,
        rejected,
        now * 1e-9,
        Quantiles.ofNanos(ttft),
        Quantiles.ofNanos(Arrays.copyOf(tpot, streams)),
        Quantiles.ofNanos(e2e),
        count == 0 ? 0 : (double) good / count,
        cacheHits(engines),
        count == 0 ? 0 : roundTripMillis / count,
        totalVariation(),
        shares());
  }

  private static double cacheHits(List<SimulatedEngine> engines) {
    long queries = 0;
    long hits = 0;
    for (SimulatedEngine engine : engines) {
      EngineSignals signals = engine.signals();
      queries += signals.prefixQueries();
      hits += signals.prefixHits();
    }
    return queries == 0 ? 0 : (double) hits / queries;
  }

  private double totalVariation() {
    double sum = 0;
    for (int s = 0; s < dispatches.length; s++) {
      double count = Arrays.stream(dispatches[s]).sum();
      for (int e = 0; e < dispatches[s].length && count > 0; e++) {
        sum += Math.abs(dispatches[s][e] - weightSums[s][e]) / (2 * count);
      }
    }
    return sum / dispatches.length;
  }

  private List<Double> shares() {
    List<Double> shares = new ArrayList<>();
    double total = Arrays.stream(dispatches).flatMapToDouble(Arrays::stream).sum();
    for (int e = 0; e < scenario.engines().size(); e++) {
      double sum = 0;
      for (double[] bySource : dispatches) {
        sum += bySource[e];
      }
      shares.add(total == 0 ? 0 : sum / total);
    }
    return shares;
  }
}
