package io.weir.routing.request;

import io.weir.schemas.AcceptedRequest;
import io.weir.schemas.Attempt;
import io.weir.schemas.RecordPointer;
import io.weir.schemas.RequestState;
import io.weir.schemas.Requeue;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes the records of requests that are to be run again. */
final class Requeues {
  private Requeues() {}

  static Requeue next(
      RequestState state, ReplyReading reading, AcceptedRequest request, RecordPointer pointer) {
    return new Requeue(
        state.getRequestId(),
        pointer,
        state.getRequestClass(),
        highestNumber(state, reading) + 1,
        triedEngines(state),
        reading.answer().continuation().orElse(null),
        request.getEnqueuedAt(),
        request.getExpiresAt(),
        request.getReply(),
        state.getTenant(),
        state.getModel());
  }

  private static int highestNumber(RequestState state, ReplyReading reading) {
    IntStream told =
        state.getSteps().stream()
            .flatMap(step -> step.getAttempt().stream())
            .mapToInt(Attempt::getNumber);
    IntStream published = reading.numbers().values().stream().mapToInt(Integer::intValue);
    return IntStream.concat(told, published).max().orElse(1);
  }

  private static List<String> triedEngines(RequestState state) {
    Stream<String> engines = state.getSteps().stream().flatMap(step -> step.getEngine().stream());
    return engines.distinct().toList();
  }
}
