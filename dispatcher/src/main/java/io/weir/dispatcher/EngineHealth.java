package io.weir.dispatcher;

/**
 * Whether an engine may be used, from what its probes and requests saw. An engine nobody has spoken
 * to yet is out until its first success.
 */
final class EngineHealth {
  private final int failuresToLeave;
  private final int successesToReturn;
  private boolean known;
  private boolean in;
  private int streak;

  /** What was seen of an engine. */
  enum Sight {
    /** It answered a probe. */
    ANSWERED,
    /** A probe failed or took too long. */
    FAILED,
    /** It refused a connection. */
    REFUSED
  }

  EngineHealth(HealthConfig config) {
    this.failuresToLeave = config.failures();
    this.successesToReturn = config.successes();
  }

  /** Takes one sight into account; true if the engine may be used now. */
  synchronized boolean saw(Sight sight) {
    boolean good = sight == Sight.ANSWERED;
    streak = good == in ? 0 : streak + 1;
    if (sight == Sight.REFUSED) {
      in = false;
      streak = 0;
    } else if (good && !in && (!known || streak >= successesToReturn)) {
      in = true;
      streak = 0;
    } else if (!good && in && streak >= failuresToLeave) {
      in = false;
      streak = 0;
    }
    known = true;
    return in;
  }
}
