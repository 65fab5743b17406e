package io.weir.routing.replay;

import io.weir.routing.order.FirstToken;
import io.weir.schemas.RequestClass;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** First in, first out, in one queue or in one for each class. */
final class FifoDiscipline implements Discipline {
  private final Filling filling;
  private final Map<RequestClass, ArrayDeque<OverloadRequest>> queues =
      new EnumMap<>(RequestClass.class);

  private FifoDiscipline(Filling filling, Supplier<ArrayDeque<OverloadRequest>> queueOfClass) {
    this.filling = filling;
    for (RequestClass each : RequestClass.values()) {
      queues.put(each, queueOfClass.get());
    }
  }

  private static FifoDiscipline one(Filling filling) {
    ArrayDeque<OverloadRequest> shared = new ArrayDeque<>();
    return new FifoDiscipline(filling, () -> shared);
  }

  static FifoDiscipline push() {
    return one(Filling.PUSHED);
  }

  static FifoDiscipline central() {
    return one(Filling.LIMITED);
  }

  static FifoDiscipline strictPriority() {
    return new FifoDiscipline(Filling.LIMITED, ArrayDeque::new);
  }

  @Override
  public Filling filling() {
    return filling;
  }

  @Override
  public boolean arrive(OverloadRequest request, long now) {
    queues.get(request.requestClass()).add(request);
    return true;
  }

  @Override
  public Optional<OverloadRequest> next(
      long now, FirstToken<OverloadRequest> firstToken, Dropped dropped) {
    for (ArrayDeque<OverloadRequest> queue : queues.values()) {
      while (!queue.isEmpty()) {
        OverloadRequest request = queue.remove();
        if (request.deadlineNanos() > now) {
          return Optional.of(request);
        }
        dropped.drop(request);
      }
    }
    return Optional.empty();
  }
}
