package io.weir.routing.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.RequestClass;
import org.junit.jupiter.api.Test;

class ReadyRoomTest {
  private static ReadyRoom room(int slots, long bytes) {
    return new ReadyRoom(new QueueLimits(slots, 2, bytes));
  }

  private static void add(ReadyRoom room, RequestClass requestClass, int count) {
    for (int i = 0; i < count; i++) {
      room.added(requestClass, 1);
    }
  }

  private static void remove(ReadyRoom room, RequestClass requestClass, int count) {
    for (int i = 0; i < count; i++) {
      room.removed(requestClass, 1);
    }
  }

  @Test
  void aClassClosesAtTwiceTheSlotsAndOpensAtHalfOfThat() {
    ReadyRoom room = room(5, 1_000_000);
    add(room, RequestClass.STANDARD, 9);
    assertThat(room.open(0)).contains(RequestClass.STANDARD);
    add(room, RequestClass.STANDARD, 1);
    assertThat(room.open(0)).doesNotContain(RequestClass.STANDARD);
    remove(room, RequestClass.STANDARD, 4);
    assertThat(room.open(0)).doesNotContain(RequestClass.STANDARD);
    remove(room, RequestClass.STANDARD, 1);
    assertThat(room.open(0)).contains(RequestClass.STANDARD);
  }

  @Test
  void bytesCloseAClassToo() {
    ReadyRoom room = room(100, 1000);
    room.added(RequestClass.FLEX, 600);
    room.added(RequestClass.FLEX, 600);
    assertThat(room.open(0)).doesNotContain(RequestClass.FLEX).contains(RequestClass.BATCH);
    room.removed(RequestClass.FLEX, 600);
    room.removed(RequestClass.FLEX, 600);
    assertThat(room.open(0)).contains(RequestClass.FLEX);
    assertThat(room.bytes()).isZero();
  }

  @Test
  void bulkIsHeldBackWhileInteractiveRequestsWait() {
    // Given twice 100 slots of room
    ReadyRoom room = room(100, 1_000_000);
    add(room, RequestClass.BATCH, 30);
    assertThat(room.open(0)).containsExactly(RequestClass.values());

    // When
    add(room, RequestClass.STANDARD, 1);

    // Then flex has nothing to serve when it is its turn, and batch has enough
    assertThat(room.open(0))
        .containsExactly(RequestClass.PRIORITY, RequestClass.STANDARD, RequestClass.FLEX);
    remove(room, RequestClass.BATCH, 6);
    assertThat(room.open(0)).contains(RequestClass.BATCH);
  }

  @Test
  void aFastDrainMakesRoomForTwoSecondsOfIt() {
    // Given one slot through which 1,000 requests a second have gone for 20 s
    ReadyRoom room = room(1, 1_000_000);
    long nanos = 0;
    for (int i = 0; i < 20_000; i++) {
      nanos += 1_000_000;
      room.sent(nanos);
    }
    // When
    add(room, RequestClass.STANDARD, 1_900);
    // Then
    assertThat(room.open(nanos)).contains(RequestClass.STANDARD);
    add(room, RequestClass.STANDARD, 200);
    assertThat(room.open(nanos)).doesNotContain(RequestClass.STANDARD);
  }
}
