package io.weir.launcher.view;

import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import java.util.Map;
import java.util.TreeMap;

/** How many requests of every kind there were since the reader began. */
final class Traffic {
  /**
   * Counts at one moment.
   *
   * @param byType requests of one source by what happened to them
   * @param dispatched by engine
   */
  record Counts(Map<String, Map<LifecycleType, Long>> byType, Map<String, Long> dispatched) {
    static Counts none() {
      return new Counts(Map.of(), Map.of());
    }

    long of(String source, LifecycleType type) {
      return byType.getOrDefault(source, Map.of()).getOrDefault(type, 0L);
    }

    long to(String engine) {
      return dispatched.getOrDefault(engine, 0L);
    }
  }

  private final Map<String, Map<LifecycleType, Long>> byType = new TreeMap<>();
  private final Map<String, Long> dispatched = new TreeMap<>();

  synchronized void count(LifecycleEvent event) {
    byType
        .computeIfAbsent(event.getSource(), source -> new TreeMap<>())
        .merge(event.getType(), 1L, Long::sum);
    if (event.getType() == LifecycleType.DISPATCHED) {
      event.getEngine().ifPresent(engine -> dispatched.merge(engine, 1L, Long::sum));
    }
  }

  synchronized Counts counts() {
    Map<String, Map<LifecycleType, Long>> copy = new TreeMap<>();
    byType.forEach((source, counts) -> copy.put(source, new TreeMap<>(counts)));
    return new Counts(copy, new TreeMap<>(dispatched));
  }
}
