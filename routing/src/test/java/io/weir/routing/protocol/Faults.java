package io.weir.routing.protocol;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What may still go wrong: how often each. */
final class Faults {
  /** The kinds. */
  enum Kind {
    INGRESS_CRASH,
    DISPATCHER_CRASH,
    /** A dispatcher that lives is taken for dead. */
    FALSE_DEATH,
    CONTROLLER_CRASH,
    /** The lane goes to the other dispatcher. */
    REBALANCE,
    /** A record under way is lost, and its sender told so. */
    SEND_FAILS,
    /** An engine fails before its first byte. */
    ENGINE_FAILS,
    /** The clock passes every request's expiry. */
    EXPIRY
  }

  private final Map<Kind, Integer> left;

  private Faults(Map<Kind, Integer> left) {
    this.left = left;
  }

  /** Each kind so many times as it is named. */
  static Faults of(List<Kind> kinds) {
    Map<Kind, Integer> left = new EnumMap<>(Kind.class);
    kinds.forEach(kind -> left.merge(kind, 1, Integer::sum));
    return new Faults(left);
  }

  boolean has(Kind kind) {
    return left.getOrDefault(kind, 0) > 0;
  }

  void use(Kind kind) {
    left.merge(kind, -1, Integer::sum);
  }

  Faults copy() {
    return new Faults(new EnumMap<>(left));
  }

  @Override
  public String toString() {
    return left.toString();
  }
}
