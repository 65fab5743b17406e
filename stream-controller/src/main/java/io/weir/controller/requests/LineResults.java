package io.weir.controller.requests;

import io.weir.schemas.AcceptedRequest;
import io.weir.schemas.Attempt;
import io.weir.schemas.BatchItem;
import io.weir.schemas.BatchResult;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.RequestState;
import java.util.Optional;

/** Tells batches how their lines ended. */
final class LineResults {
  private LineResults() {}

  /**
   * What is to be told now that a request's state has changed; once in its life.
   *
   * @param before empty if nothing was known of it
   */
  static Optional<BatchResult> news(Optional<RequestState> before, RequestState after) {
    return before.flatMap(LineResults::of).isPresent() ? Optional.empty() : of(after);
  }

  private static Optional<BatchResult> of(RequestState state) {
    if (state.getTerminal().isEmpty()) {
      return Optional.empty();
    }
    return state
        .getRequest()
        .flatMap(
            request ->
                request
                    .getBatch()
                    .map(
                        item ->
                            result(
                                item, request, state.getRequestId(), state.getTerminal().get())));
  }

  private static BatchResult result(
      BatchItem item, AcceptedRequest request, String id, LifecycleEvent terminal) {
    return new BatchResult(
        item.getBatchId(),
        item.getLine(),
        item.getCustomId(),
        id,
        terminal.getType(),
        terminal.getFailure().orElse(null),
        request.getReply(),
        terminal.getAttempt().map(Attempt::getId).orElse(null),
        terminal.getFirstOffset().orElse(null),
        terminal.getLastOffset().orElse(null));
  }
}
