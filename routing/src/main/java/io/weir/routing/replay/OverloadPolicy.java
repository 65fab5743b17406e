package io.weir.routing.replay;

import java.util.Locale;

/** A way to decide which requests are served when not all can be. */
public enum OverloadPolicy {
  /** Every request goes to an engine at once and waits there. */
  PUSH_FIFO,
  /** One queue, engines below a limit, what has expired is dropped. */
  CENTRAL_FIFO,
  /** The same with a queue for each class, the highest first. */
  STRICT_PRIORITY,
  /**
   * One queue, and on arrival a threshold on class and user that follows the mean wait, after DAGOR
   * (Zhou et al., Overload Control for Scaling WeChat Microservices, SoCC 2018), its 20 ms taken to
   * 500 for requests that last seconds.
   */
  DAGOR_LIKE,
  /**
   * One queue, last in first out while it does not empty, and what waited long dropped, after
   * Maurer, Fail at Scale (ACM Queue 2015), its times taken to seconds.
   */
  CODEL_LIFO,
  /** Admission by delay, classes with a floor, tenants by tokens, deadlines, adaptive limits. */
  WEIR;

  /** The name in tables and on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
