package io.weir.routing.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.RequestClass;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReadyQueueTest {
  private record Waiting(
      int number,
      RequestClass requestClass,
      long bytes,
      long enqueuedAtMillis,
      long expiresAtMillis)
      implements Ready {}

  private int numbers;

  private Waiting request(RequestClass requestClass, long bytes, long expires) {
    return new Waiting(numbers, requestClass, bytes, 100L * numbers++, expires);
  }

  private static ReadyQueue<Waiting> queue(int slots, long bytes) {
    return new ReadyQueue<>(new QueueLimits(slots, 2, bytes));
  }

  @Test
  void highestClassFirstAndInOrderWithinAClass() {
    SplittableRandom random = new SplittableRandom(7);
    ReadyQueue<Waiting> queue = queue(1, 1000);
    Map<RequestClass, List<Integer>> offered = new EnumMap<>(RequestClass.class);
    for (int i = 0; i < 500; i++) {
      Waiting request =
          request(List.of(RequestClass.values()).get(random.nextInt(4)), 1, Long.MAX_VALUE);
      offered
          .computeIfAbsent(request.requestClass(), any -> new ArrayList<>())
          .add(request.number());
      queue.offer(request);
    }
    List<Integer> expected = new ArrayList<>();
    offered.values().forEach(expected::addAll);
    List<Integer> taken = new ArrayList<>();
    while (queue.poll(0, 0) instanceof Next.Run<Waiting>(Waiting request)) {
      taken.add(request.number());
    }
    assertThat(taken).isEqualTo(expected);
    assertThat(queue.size()).isZero();
  }

  @Test
  void whatIsRunAgainStandsWhereItStoodFirst() {
    // Given four requests of one class, of which two come back last and in the wrong order
    ReadyQueue<Waiting> queue = queue(1, 1000);
    List<Waiting> inOrder =
        List.of(
            request(RequestClass.STANDARD, 1, Long.MAX_VALUE),
            request(RequestClass.STANDARD, 1, Long.MAX_VALUE),
            request(RequestClass.STANDARD, 1, Long.MAX_VALUE),
            request(RequestClass.STANDARD, 1, Long.MAX_VALUE));
    queue.offer(inOrder.get(1));
    queue.offer(inOrder.get(3));
    queue.offerAgain(inOrder.get(2));
    queue.offerAgain(inOrder.get(0));
    assertThat(queue.size()).isEqualTo(4);
    assertThat(queue.bytes()).isEqualTo(4);

    // When, Then
    for (Waiting expected : inOrder) {
      assertThat(queue.poll(0, 0)).isEqualTo(new Next.Run<>(expected));
    }
    assertThat(queue.size()).isZero();
    assertThat(queue.bytes()).isZero();
  }

  @Test
  void anExpiredRequestIsGivenOutAsSuch() {
    ReadyQueue<Waiting> queue = queue(1, 1000);
    Waiting late = request(RequestClass.STANDARD, 1, 100);
    Waiting intime = request(RequestClass.STANDARD, 1, 101);
    queue.offer(late);
    queue.offer(intime);
    assertThat(queue.poll(100, 0)).isEqualTo(new Next.Expired<>(late));
    assertThat(queue.poll(100, 0)).isEqualTo(new Next.Run<>(intime));
    assertThat(queue.poll(100, 0)).isInstanceOf(Next.Empty.class);
  }

  @Test
  void expiredRequestsAreFoundBehindOthers() {
    ReadyQueue<Waiting> queue = queue(1, 1000);
    Waiting first = request(RequestClass.STANDARD, 1, 500);
    Waiting behind = request(RequestClass.STANDARD, 1, 100);
    Waiting batch = request(RequestClass.BATCH, 1, 200);
    queue.offer(first);
    queue.offer(behind);
    queue.offer(batch);
    assertThat(queue.expire(99)).isEmpty();
    assertThat(queue.expire(200)).containsExactly(behind, batch);
    assertThat(queue.expire(499)).isEmpty();
    assertThat(queue.expire(500)).containsExactly(first);
    assertThat(queue.size()).isZero();
  }

  @Test
  void aClassClosesAtTwiceTheSlotsAndOpensAtHalfOfThat() {
    ReadyQueue<Waiting> queue = queue(5, 1_000_000);
    for (int i = 0; i < 9; i++) {
      queue.offer(request(RequestClass.STANDARD, 1, Long.MAX_VALUE));
    }
    assertThat(queue.room(0)).contains(RequestClass.STANDARD);
    queue.offer(request(RequestClass.STANDARD, 1, Long.MAX_VALUE));
    assertThat(queue.room(0)).containsExactly(RequestClass.PRIORITY);
    for (int i = 0; i < 4; i++) {
      queue.poll(0, 0);
    }
    assertThat(queue.room(0)).doesNotContain(RequestClass.STANDARD);
    queue.poll(0, 0);
    assertThat(queue.room(0)).contains(RequestClass.STANDARD);
  }

  @Test
  void bytesCloseAClassToo() {
    ReadyQueue<Waiting> queue = queue(100, 1000);
    queue.offer(request(RequestClass.FLEX, 600, Long.MAX_VALUE));
    queue.offer(request(RequestClass.FLEX, 600, Long.MAX_VALUE));
    assertThat(queue.room(0)).doesNotContain(RequestClass.FLEX).contains(RequestClass.BATCH);
    queue.poll(0, 0);
    queue.poll(0, 0);
    assertThat(queue.room(0)).contains(RequestClass.FLEX);
  }

  @Test
  void bulkIsHeldBackWhileInteractiveRequestsWait() {
    ReadyQueue<Waiting> queue = queue(100, 1000);
    assertThat(queue.room(0)).containsExactly(RequestClass.values());
    queue.offer(request(RequestClass.STANDARD, 1, Long.MAX_VALUE));
    assertThat(queue.room(0)).containsExactly(RequestClass.PRIORITY, RequestClass.STANDARD);
  }

  @Test
  void aFastDrainMakesRoomForTwoSecondsOfIt() {
    // Given one slot through which 1,000 requests a second have gone for 20 s
    ReadyQueue<Waiting> queue = queue(1, 1_000_000);
    long nanos = 0;
    for (int i = 0; i < 20_000; i++) {
      nanos += 1_000_000;
      queue.passedThrough(nanos);
    }
    // When
    for (int i = 0; i < 1_900; i++) {
      queue.offer(request(RequestClass.STANDARD, 1, Long.MAX_VALUE));
    }
    // Then
    assertThat(queue.room(nanos)).contains(RequestClass.STANDARD);
    for (int i = 0; i < 200; i++) {
      queue.offer(request(RequestClass.STANDARD, 1, Long.MAX_VALUE));
    }
    assertThat(queue.room(nanos)).doesNotContain(RequestClass.STANDARD);
  }
}
