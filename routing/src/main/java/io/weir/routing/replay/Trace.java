package io.weir.routing.replay;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Requests in the order they arrive, the first at 0.
 *
 * @param blockTokens tokens in each block that is hashed; 0 if the trace says nothing of prefixes
 */
public record Trace(List<TraceRequest> requests, int blockTokens) {
  public Trace {
    if (requests.isEmpty()) {
      throw new IllegalArgumentException("a trace holds at least one request");
    }
    List<TraceRequest> sorted = new ArrayList<>(requests);
    sorted.sort(Comparator.comparingLong(TraceRequest::arrivalNanos));
    long start = sorted.getFirst().arrivalNanos();
    requests = sorted.stream().map(request -> request.at(request.arrivalNanos() - start)).toList();
  }

  /** Mean arrivals per second. */
  public double requestsPerSecond() {
    long span = requests.getLast().arrivalNanos();
    return span == 0 ? requests.size() : (requests.size() - 1) / (span * 1e-9);
  }

  /** The same requests at a mean rate, each gap stretched alike. */
  public Trace atRate(double perSecond) {
    if (!(perSecond > 0)) {
      throw new IllegalArgumentException("a rate is positive, not " + perSecond);
    }
    return faster(perSecond / requestsPerSecond());
  }

  /** The same requests, this many times as fast. */
  public Trace faster(double factor) {
    if (!(factor > 0)) {
      throw new IllegalArgumentException("a speed is positive, not " + factor);
    }
    return new Trace(
        requests.stream()
            .map(request -> request.at(Math.round(request.arrivalNanos() / factor)))
            .toList(),
        blockTokens);
  }

  /**
   * The same day elsewhere: the trace begins at a later point and its beginning follows its end, as
   * the same daily wave reaches a source in another time zone.
   *
   * @param nanos how far into the trace the new beginning lies; taken modulo its length
   */
  public Trace shifted(long nanos) {
    long length = requests.getLast().arrivalNanos() + 1;
    return new Trace(
        requests.stream()
            .map(request -> request.at(Math.floorMod(request.arrivalNanos() - nanos, length)))
            .toList(),
        blockTokens);
  }

  /** The first requests only. */
  public Trace first(int count) {
    return new Trace(requests.subList(0, Math.min(count, requests.size())), blockTokens);
  }

  /** Mean prompt in tokens. */
  public double meanPromptTokens() {
    return requests.stream().mapToInt(TraceRequest::promptTokens).average().orElseThrow();
  }

  /** Mean answer in tokens. */
  public double meanOutputTokens() {
    return requests.stream().mapToInt(TraceRequest::outputTokens).average().orElseThrow();
  }
}
