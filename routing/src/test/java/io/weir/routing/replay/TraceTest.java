package io.weir.routing.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class TraceTest {
  private static final Trace TRACE =
      new Trace(List.of(request(4_000), request(1_000), request(3_000)), 0);

  private static TraceRequest request(long nanos) {
    return new TraceRequest(nanos, (int) (nanos / 1000), 7, new long[0]);
  }

  private static List<Long> arrivals(Trace trace) {
    return trace.requests().stream().map(TraceRequest::arrivalNanos).toList();
  }

  @Test
  void beginsAtZeroAndIsInOrder() {
    assertThat(arrivals(TRACE)).containsExactly(0L, 2_000L, 3_000L);
    assertThat(TRACE.meanPromptTokens()).isCloseTo(8 / 3.0, within(1e-12));
    assertThat(TRACE.meanOutputTokens()).isEqualTo(7);
  }

  @Test
  void canBePlayedAtAnyRate() {
    assertThat(arrivals(TRACE.faster(2))).containsExactly(0L, 1_000L, 1_500L);
    assertThat(TRACE.atRate(1000).requestsPerSecond()).isCloseTo(1000, within(1e-6));
  }

  @Test
  void aShiftBringsTheBeginningToTheEnd() {
    // When the trace begins at its second request
    Trace shifted = TRACE.shifted(2_000);

    // Then the first comes last, one nanosecond after the old end
    assertThat(arrivals(shifted)).containsExactly(0L, 1_000L, 1_001L);
    assertThat(shifted.requests()).extracting(TraceRequest::promptTokens).containsExactly(3, 4, 1);
  }

  @Test
  void holdsOnlyWhatCanHappen() {
    assertThatThrownBy(() -> new Trace(List.of(), 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> request(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TRACE.atRate(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void madeUpConversationsShareTheirBeginnings() {
    Trace trace = SyntheticTrace.conversations(2000, 10, 1);
    assertThat(trace.requests()).hasSize(2000);
    assertThat(trace.requestsPerSecond()).isCloseTo(10, within(1.0));
    long distinct =
        trace.requests().stream()
            .flatMapToLong(request -> java.util.Arrays.stream(request.blockHashes()))
            .distinct()
            .count();
    long blocks =
        trace.requests().stream().mapToLong(request -> request.blockHashes().length).sum();
    assertThat((double) distinct / blocks).isBetween(0.2, 0.7);
    assertThat(trace).isNotEqualTo(SyntheticTrace.conversations(2000, 10, 2));
  }
}
