package io.weir.routing.plan;

import io.weir.schemas.DemandInput;
import io.weir.schemas.EngineInput;
import io.weir.schemas.PlanInput;
import java.util.ArrayList;
import java.util.List;

/** What was planned with, for the history. */
final class PlanRecords {
  private PlanRecords() {}

  static PlanInput inputs(PoolProblem problem) {
    PlanInputs inputs = problem.inputs();
    List<EngineInput> engines = new ArrayList<>();
    for (int e = 0; e < inputs.engines().size(); e++) {
      EngineState engine = inputs.engines().get(e);
      engines.add(
          EngineInput.newBuilder()
              .setEngine(engine.id())
              .setUp(engine.healthy() && engine.sample().map(s -> s.getUp()).orElse(true))
              .setDraining(engine.spec().getDraining())
              .setCapacityFactor(problem.speeds().get(e).capacityFactor())
              .setSampleAgeMillis(
                  engine
                      .sample()
                      .map(s -> inputs.nowMillis() - s.getAt().toEpochMilli())
                      .orElse(null))
              .build());
    }
    List<DemandInput> demand =
        inputs.demand().stream()
            .map(
                rate ->
                    DemandInput.newBuilder()
                        .setSource(rate.source())
                        .setRequestClass(rate.requestClass())
                        .setPerSecond(rate.perSecond())
                        .setSigma(rate.sigma())
                        .setPromptTokens(rate.promptTokens())
                        .setOutputTokens(rate.outputTokens())
                        .setCachedFraction(rate.cachedFraction())
                        .build())
            .toList();
    return PlanInput.newBuilder().setEngines(engines).setDemand(demand).build();
  }
}
