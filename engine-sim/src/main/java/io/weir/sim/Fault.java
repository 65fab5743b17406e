package io.weir.sim;

/** What can be wrong with an engine. */
public sealed interface Fault {
  /** Name in the admin API. */
  String kind();

  /** Faults that single requests meet, as against those of the engine as a whole. */
  sealed interface OfRequest extends Fault {}

  /** The connection is closed without an answer. */
  record Refuse() implements OfRequest {
    @Override
    public String kind() {
      return "refuse";
    }
  }

  /**
   * An error instead of an answer.
   *
   * @param status 400 to 599
   * @param retryAfterSeconds value of {@code Retry-After}; negative for none
   */
  record Status(int status, long retryAfterSeconds) implements OfRequest {
    public Status {
      if (status < 400 || status > 599) {
        throw new IllegalArgumentException("status must be 400 to 599, is " + status);
      }
    }

    @Override
    public String kind() {
      return "status";
    }
  }

  /** Nothing comes until the fault is cleared; then the request goes on. */
  record Hang() implements OfRequest {
    @Override
    public String kind() {
      return "hang";
    }
  }

  /**
   * The connection breaks in the middle of the answer. An answer that is not streamed breaks off
   * before its first byte.
   *
   * @param afterTokens tokens sent before; at least 0
   */
  record Die(int afterTokens) implements OfRequest {
    public Die {
      if (afterTokens < 0) {
        throw new IllegalArgumentException("after_tokens must not be negative, is " + afterTokens);
      }
    }

    @Override
    public String kind() {
      return "die";
    }
  }

  /**
   * An answer that makes no sense.
   *
   * @param layer where it stops making sense
   */
  record Garbage(Layer layer) implements OfRequest {
    /** A layer of the answer. */
    public enum Layer {
      /** Not HTTP at all. */
      HTTP,
      /** HTTP, whose body is not JSON. */
      JSON,
      /** Server-sent events whose data is not JSON and that do not end. */
      SSE
    }

    @Override
    public String kind() {
      return "garbage";
    }
  }

  /**
   * Iterations take longer. Has no effect on instant timing.
   *
   * @param factor how many times; positive
   */
  record Slow(double factor) implements Fault {
    public Slow {
      if (!(factor > 0) || Double.isInfinite(factor)) {
        throw new IllegalArgumentException("factor must be positive, is " + factor);
      }
    }

    @Override
    public String kind() {
      return "slow";
    }
  }

  /** {@code /health} answers 503; requests are served. */
  record Unhealthy() implements Fault {
    @Override
    public String kind() {
      return "unhealthy";
    }
  }
}
