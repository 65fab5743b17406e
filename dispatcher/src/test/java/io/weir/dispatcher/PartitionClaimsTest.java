package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class PartitionClaimsTest {
  @Test
  void aRewindReadsAgainFromTheFirstClaimThatIsNotInKafka() {
    // Given
    PartitionClaims claims = new PartitionClaims();
    for (long offset = 5; offset < 9; offset++) {
      claims.taken(offset);
    }
    claims.settled(5);
    claims.settled(7);

    // When
    PartitionClaims.Rewind rewind = claims.rewind();

    // Then what was settled in a row is still to be committed, and late acknowledgements are void
    assertThat(rewind.from()).hasValue(6);
    assertThat(rewind.claims().toCommit()).hasValue(6);
    claims.settled(6);
    assertThat(rewind.claims().toCommit()).isEmpty();
    assertThat(claims.given()).isTrue();

    // And the same offsets may be taken again
    rewind.claims().taken(6);
    rewind.claims().settled(6);
    assertThat(rewind.claims().toCommit()).hasValue(7);
  }

  @Test
  void nothingIsReadAgainWhereEveryClaimIsInKafka() {
    PartitionClaims claims = new PartitionClaims();
    claims.taken(5);
    claims.settled(5);
    assertThat(claims.rewind().from()).isEmpty();
  }

  @Test
  void aClaimIsNotWantedOnceItsTenureIsOverOrItsPartitionGiven() {
    // Given
    AtomicBoolean lease = new AtomicBoolean(true);
    Tenure tenure = new Tenure(1, lease::get);
    PartitionClaims claims = new PartitionClaims();
    ClaimState state = ClaimState.of(tenure, claims, 5);
    assertThat(state.wanted()).isTrue();

    // When
    claims.give();

    // Then
    assertThat(state.wanted()).isFalse();
    assertThat(state.await()).isFalse();

    // And an attempt that was claimed before goes on, until the lease lapses, if only for a moment
    ClaimState claimed = ClaimState.of(tenure, claims, 6);
    claimed.ack();
    assertThat(claimed.await()).isTrue();
    lease.set(false);
    assertThat(claimed.holds()).isFalse();
    lease.set(true);
    assertThat(claimed.holds()).isFalse();
    assertThat(claimed.await()).isFalse();
  }
}
