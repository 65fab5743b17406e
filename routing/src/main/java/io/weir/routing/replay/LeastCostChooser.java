package io.weir.routing.replay;

import io.weir.routing.fleet.PickPolicy;
import io.weir.routing.pick.EnginePicker;
import io.weir.routing.pick.LeastCostOptions;
import io.weir.routing.pick.PickRequest;
import io.weir.routing.pick.PickResult;
import java.util.List;

/** Weir's choice, by the picker that serves live traffic. */
final class LeastCostChooser implements Chooser {
  /** Answers are of unknown length: the mean of those before. */
  private static final double GAIN = 0.02;

  private final EnginePicker picker;
  private double meanOutput = 256;

  LeastCostChooser(LeastCostOptions options) {
    picker = new EnginePicker(PickPolicy.LEAST_COST, options);
  }

  @Override
  public int choose(LiveRequest request, List<EngineSeen> engines, long now, long seed) {
    PickRequest wanted =
        new PickRequest(
            "request-" + request.index,
            request.prompt,
            request.trace.promptTokens(),
            (int) Math.round(meanOutput));
    return switch (picker.pick(engines, wanted, seed)) {
      case PickResult.Picked<EngineSeen> picked -> {
        request.uncachedTokens = picked.uncachedTokens();
        yield picked.engine().index;
      }
      case PickResult.NoEngine<EngineSeen> none -> NONE;
    };
  }

  @Override
  public void finished(LiveRequest request, long now) {
    meanOutput += GAIN * (request.trace.outputTokens() - meanOutput);
  }

  @Override
  public void refreshed(List<EngineSeen> engines, long now) {
    engines.forEach(engine -> engine.measure(now));
  }
}
