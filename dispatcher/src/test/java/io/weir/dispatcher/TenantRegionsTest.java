package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.config.Configs;
import io.weir.routing.order.DropReason;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.RequestClass;
import org.junit.jupiter.api.Test;

/** Engines that a tenant's requests may not go to. */
class TenantRegionsTest {
  private final Desk desk = new Desk(Configs.defaults(DispatcherConfig.class), 2);

  @Test
  void aRequestGoesToAnEngineOfItsTenantsRegion() {
    // When
    desk.arrive(desk.watched(RequestClass.STANDARD, "only-east"));

    // Then
    assertThat(desk.runs).hasSize(1);
  }

  @Test
  void aRequestThatNoEngineMaySeeEndsWithoutWork() {
    // When
    desk.arrive(desk.watched(RequestClass.STANDARD, "only-west"));

    // Then
    assertThat(desk.runs).isEmpty();
    assertThat(desk.drops).hasSize(1);
    Dropped why = desk.drops.getFirst().why();
    assertThat(why.reason()).isEqualTo(DropReason.NO_ENGINE_IN_REGION);
    assertThat(why.terminal()).isEqualTo(LifecycleType.SHED);
    assertThat(why.failure(1).getStatus()).isEqualTo(503);
    assertThat(why.failure(1).getWorkStarted()).isFalse();
  }

  @Test
  void othersDoNotWaitForIt() {
    // Given
    desk.arrive(desk.watched(RequestClass.PRIORITY, "only-west"));

    // When
    desk.arrive(desk.watched(RequestClass.STANDARD, "t"));

    // Then
    assertThat(desk.runs).hasSize(1);
  }
}
