package io.weir.routing.replay;

import io.weir.routing.fleet.PickPolicy;
import io.weir.routing.pick.EnginePicker;
import io.weir.routing.pick.PickResult;
import java.util.List;

/** A classic policy, by the picker that serves live traffic. */
final class PickerChooser implements Chooser {
  private final EnginePicker picker;
  private List<CorrectedView> views = List.of();

  PickerChooser(PickPolicy policy) {
    picker = new EnginePicker(policy);
  }

  @Override
  public int choose(LiveRequest request, List<EngineSeen> engines, long now, long seed) {
    if (views.isEmpty()) {
      views = engines.stream().map(CorrectedView::new).toList();
    }
    return switch (picker.pick(views, affinity(request), seed)) {
      case PickResult.Picked<CorrectedView> picked -> picked.engine().seen().index;
      case PickResult.NoEngine<CorrectedView> none -> NONE;
    };
  }

  /** Requests that continue one conversation agree in their second block. */
  private static String affinity(LiveRequest request) {
    long[] blocks = request.trace.blockHashes();
    return blocks.length == 0
        ? "request-" + request.index
        : "block-" + blocks[Math.min(1, blocks.length - 1)];
  }
}
