package io.weir.routing.plan;

import io.weir.routing.engine.RequestShape;
import io.weir.schemas.RequestClass;
import java.util.ArrayList;
import java.util.List;

/** From demand to commodities: bursts added, and no source without one. */
final class Commodities {
  private static final RequestShape USUAL = RequestShape.uncached(512, 128);

  private Commodities() {}

  /**
   * One commodity for each source and class with demand. Bursts of independent sources rarely
   * coincide, so the pool's allowance is the root of the summed squares, divided by sigma. A source
   * without demand gets a trace, so that it has weights when its first request comes.
   *
   * @param trace requests per second
   */
  static List<Commodity> of(PlanInputs inputs, double trace) {
    double squares = 0;
    double sum = 0;
    for (DemandRate rate : inputs.demand()) {
      squares += rate.sigma() * rate.sigma();
      sum += rate.sigma();
    }
    double burst = sum > 0 ? inputs.policy().burst() * Math.sqrt(squares) / sum : 0;
    List<Commodity> commodities = new ArrayList<>();
    for (int s = 0; s < inputs.sources().size(); s++) {
      String source = inputs.sources().get(s).source();
      List<DemandRate> rates =
          inputs.demand().stream().filter(rate -> rate.source().equals(source)).toList();
      double total = rates.stream().mapToDouble(DemandRate::perSecond).sum();
      if (total < trace) {
        commodities.add(idle(s, rates, trace));
      } else {
        for (DemandRate rate : rates) {
          commodities.add(busy(s, rate, rate.perSecond() + burst * rate.sigma()));
        }
      }
    }
    return List.copyOf(commodities);
  }

  private static Commodity idle(int source, List<DemandRate> rates, double trace) {
    return rates.isEmpty()
        ? new Commodity(source, RequestClass.STANDARD, trace, USUAL, 0)
        : busy(source, rates.getFirst(), trace);
  }

  private static Commodity busy(int source, DemandRate rate, double planned) {
    return new Commodity(
        source,
        rate.requestClass(),
        planned,
        RequestShape.uncached(rate.promptTokens(), rate.outputTokens()),
        rate.cachedFraction() * rate.promptTokens());
  }

  /** The mean request over all of a list's traffic. */
  static RequestShape mean(List<Commodity> commodities) {
    double rate = commodities.stream().mapToDouble(Commodity::rate).sum();
    if (!(rate > 0)) {
      return USUAL;
    }
    double prompt = 0;
    double cached = 0;
    double output = 0;
    for (Commodity commodity : commodities) {
      double part = commodity.rate() / rate;
      prompt += part * commodity.shape().promptTokens();
      cached += part * commodity.cachedTokens();
      output += part * commodity.shape().outputTokens();
    }
    return new RequestShape(prompt, cached, output);
  }
}
