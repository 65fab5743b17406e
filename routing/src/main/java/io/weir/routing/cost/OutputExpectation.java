package io.weir.routing.cost;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How many tokens of answer to expect, by tenant, model and the power of two that {@code
 * max_tokens} lies under, learned from answers that ended. A combination not seen yet begins with
 * what its model's other tenants got. The combinations used last are kept, the others forgotten.
 * Not safe for use by several threads.
 */
public final class OutputExpectation {
  private record Sender(String tenant, String model, int bucket) {}

  private final CostPolicy policy;
  private final Map<Sender, RunningQuantile> senders;
  private final Map<Sender, RunningQuantile> models;

  public OutputExpectation(CostPolicy policy) {
    this.policy = policy;
    this.senders = bounded(policy.senders());
    this.models = bounded(policy.senders());
  }

  /** What a request like this can be expected to answer, at least 1 and at most its limit. */
  public double tokens(String tenant, String model, OptionalInt maxTokens) {
    return tokens(tenant, model, maxTokens, policy.firstOutput());
  }

  /**
   * The same for somebody who has heard otherwise.
   *
   * @param first expected of an answer like this before any was seen here
   */
  public double tokens(String tenant, String model, OptionalInt maxTokens, double first) {
    int bucket = bucket(maxTokens);
    RunningQuantile known = senders.get(new Sender(tenant, model, bucket));
    if (known == null) {
      known = models.get(new Sender("", model, bucket));
    }
    double expected = known == null ? first : known.value();
    return maxTokens.isPresent() ? Math.min(expected, Math.max(1, maxTokens.getAsInt())) : expected;
  }

  /**
   * An answer ended by itself or at its limit. Those cut off by a failure or by the client say
   * nothing.
   */
  public void ended(String tenant, String model, OptionalInt maxTokens, int outputTokens) {
    int bucket = bucket(maxTokens);
    double first = tokens(tenant, model, maxTokens);
    learn(models, new Sender("", model, bucket), first, outputTokens);
    learn(senders, new Sender(tenant, model, bucket), first, outputTokens);
  }

  /** How many combinations of tenant, model and size are remembered. */
  public int size() {
    return senders.size();
  }

  private void learn(
      Map<Sender, RunningQuantile> known, Sender sender, double first, int outputTokens) {
    known
        .computeIfAbsent(
            sender, absent -> new RunningQuantile(policy.quantile(), policy.gain(), first))
        .add(outputTokens);
  }

  /** The power of two that the limit does not exceed; 32 for no limit. */
  private static int bucket(OptionalInt maxTokens) {
    return maxTokens.isEmpty()
        ? Integer.SIZE
        : Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, maxTokens.getAsInt()) - 1);
  }

  private static Map<Sender, RunningQuantile> bounded(int limit) {
    return new LinkedHashMap<>(64, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<Sender, RunningQuantile> eldest) {
        return size() > limit;
      }
    };
  }
}
