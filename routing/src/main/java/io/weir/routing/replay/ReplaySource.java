package io.weir.routing.replay;

/**
 * A site where a trace's requests enter.
 *
 * @param name unique
 * @param region where it lies
 * @param dispatchers how many independent dispatchers it has; at least 1
 * @param trace what enters there
 */
public record ReplaySource(String name, String region, int dispatchers, Trace trace) {
  public ReplaySource {
    if (dispatchers < 1) {
      throw new IllegalArgumentException("a source has at least one dispatcher");
    }
  }
}
