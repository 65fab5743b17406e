package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.config.Configs;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.RequestClass;
import io.weir.schemas.TrustedRecords;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PatienceTest {
  static {
    TrustedRecords.install();
  }

  private final Desk desk = new Desk(Configs.defaults(DispatcherConfig.class), 1);
  private final Instant arrival = desk.now();

  private InferenceRequest watched() {
    return desk.watched(RequestClass.STANDARD, "tenant").build();
  }

  @Test
  void aRequestThatCouldBeReadAtOnceKeepsItsTime() {
    InferenceRequest request = watched();
    assertThat(Lanes.withFullPatience(request, arrival)).isSameAs(request);
    assertThat(Lanes.withFullPatience(request, arrival.minusSeconds(5))).isSameAs(request);
  }

  @Test
  void aRequestThatNobodyCouldReadHasItsTimeFromThenOn() {
    // When a lane was taken over four seconds after the request came
    InferenceRequest request = Lanes.withFullPatience(watched(), arrival.plusSeconds(4));

    // Then
    assertThat(request.getStartBy()).contains(arrival.plusSeconds(6));
    assertThat(request.getEnqueuedAt()).isEqualTo(arrival);
  }

  @Test
  void nobodyWaitsBeyondItsExpiry() {
    InferenceRequest request =
        InferenceRequest.newBuilder(watched()).setExpiresAt(arrival.plusSeconds(5)).build();
    assertThat(Lanes.withFullPatience(request, arrival.plusSeconds(4)).getStartBy())
        .contains(arrival.plusSeconds(5));
  }

  @Test
  void whatNobodyWaitsForIsNotHurried() {
    InferenceRequest request = desk.detached(RequestClass.STANDARD, "tenant").build();
    assertThat(Lanes.withFullPatience(request, arrival.plusSeconds(4))).isSameAs(request);
  }
}
