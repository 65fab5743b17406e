package io.weir.dispatcher;

import static io.weir.dispatcher.FakeEngine.chunk;
import static io.weir.dispatcher.FakeEngine.response;
import static io.weir.dispatcher.FakeEngine.sseHead;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.embedded.EmbeddedKafka;
import io.weir.schemas.Continues;
import io.weir.schemas.Failure;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.RecordPointer;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.Role;
import io.weir.schemas.members.Heartbeats;
import io.weir.schemas.members.Identity;
import io.weir.schemas.members.LeaseTerms;
import io.weir.schemas.members.Membership;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of requests that were taken when somebody else has a say in them. */
class CustodyTest {
  @TempDir static Path directory;
  private static EmbeddedKafka kafka;

  /** Each answer of {@link #patient} takes one. */
  private final Semaphore answers = new Semaphore(0);

  private Rig rig;

  @BeforeAll
  static void startKafka() {
    kafka = EmbeddedKafka.start(directory);
  }

  @AfterAll
  static void stopKafka() {
    kafka.close();
  }

  @BeforeEach
  void open() {
    rig = Rig.on(kafka);
  }

  @AfterEach
  void close() {
    answers.release(1_000);
    rig.close();
  }

  /** An engine that answers when a test lets it. */
  private FakeEngine patient() {
    return FakeEngine.start(
        (call, out) -> {
          answers.acquire();
          out.write(response("application/json", "{}"));
        });
  }

  /** A stream that begins and does not go on until it is closed. */
  private static FakeEngine endless() {
    return FakeEngine.start(
        (call, out) -> {
          out.write(sseHead());
          out.write(chunk("data: 1\n\n"));
          out.flush();
          while (true) {
            out.write(chunk(": still here\n\n"));
            out.flush();
            FakeEngine.pause(20);
          }
        });
  }

  private static List<String> order(FakeEngine engine) {
    return engine.calls().stream().map(call -> call.headers().get("x-request-id")).toList();
  }

  private void awaitClaim(String id) {
    rig.until("claim of " + id, () -> !rig.events(id).isEmpty());
  }

  private long committed(String topic) throws Exception {
    try (Admin admin = Admin.create(rig.settings().admin())) {
      return admin
          .listConsumerGroupOffsets("weir.dispatchers." + rig.source().name())
          .partitionsToOffsetAndMetadata()
          .get()
          .entrySet()
          .stream()
          .filter(entry -> entry.getKey().topic().equals(topic))
          .mapToLong(entry -> entry.getValue().offset())
          .sum();
    }
  }

  private static void assertCancelled(Failure failure, boolean workStarted) {
    assertThat(failure.getReason()).isEqualTo("cancelled");
    assertThat(failure.getStatus()).isEqualTo(499);
    assertThat(failure.getWorkStarted()).isEqualTo(workStarted);
  }

  @Test
  void aRequeuedRequestRunsWhereItStoodFirst() throws Exception {
    try (FakeEngine engine = patient()) {
      // Given a request that has run, another that runs, and one that came later and waits
      rig.engine(engine.uri(), 1).dispatch();
      InferenceRequest first = rig.request().setEnqueuedAt(Instant.now().minusSeconds(60)).build();
      RecordMetadata original = rig.send(first);
      answers.release();
      LifecycleEvent before = rig.terminal(first.getId());
      String running = rig.sendOne(rig.request());
      awaitClaim(running);
      String waiting = rig.sendOne(rig.request());
      awaitClaim(waiting);

      // When
      rig.say(rig.requeue(first, original).build());
      int claimed = rig.events(first.getId()).size();
      rig.until("claim", () -> rig.events(first.getId()).size() > claimed);
      answers.release(3);
      rig.terminal(waiting);

      // Then
      assertThat(order(engine)).containsExactly(first.getId(), running, first.getId(), waiting);
      LifecycleEvent claim = rig.events(first.getId()).get(claimed);
      assertThat(claim.getType()).isEqualTo(LifecycleType.CLAIMED);
      assertThat(claim.getAttempt().orElseThrow().getNumber()).isEqualTo(2);
      assertThat(claim.getAttempt()).isNotEqualTo(before.getAttempt());
      assertThat(claim.getRequest().orElseThrow().getPointer())
          .contains(new RecordPointer(original.topic(), original.partition(), original.offset()));
      Awaitility.await()
          .atMost(Rig.PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(committed("weir.requeues." + rig.source().name() + "." + Rig.POOL))
                      .isEqualTo(1));
    }
  }

  @Test
  void aRequeueWhoseOriginalIsGoneEndsTheRequest() throws Exception {
    try (FakeEngine engine = FakeEngine.json("{}")) {
      rig.engine(engine.uri(), 1).dispatch();
      InferenceRequest request = rig.request().build();
      RecordMetadata original = rig.send(rig.request().build());
      int partition = original.partition();

      // When its offset is past the lane's end, or holds somebody else's request
      InferenceRequest other = rig.request().build();
      rig.say(
          rig.requeue(request, original)
              .setPointer(new RecordPointer(original.topic(), partition, 1_000_000L))
              .build());
      rig.say(rig.requeue(other, original).build());

      // Then
      for (String id : List.of(request.getId(), other.getId())) {
        LifecycleEvent terminal = rig.terminal(id);
        assertThat(terminal.getType()).isEqualTo(LifecycleType.FAILED);
        assertThat(terminal.getFailure().orElseThrow().getReason()).isEqualTo("original_lost");
        assertThat(rig.last(id).getEnd().orElseThrow().getFailure())
            .isEqualTo(terminal.getFailure());
      }
      assertThat(order(engine)).doesNotContain(request.getId(), other.getId());
    }
  }

  private static ResponseChunk published(String id, String attempt, String text, int seq) {
    return new ResponseChunk(
        id,
        attempt,
        1,
        null,
        ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)),
        (long) seq,
        text.isEmpty() ? 0 : 1,
        null,
        text.isEmpty() ? List.of("a") : List.of(),
        text.isEmpty(),
        null);
  }

  @Test
  void theTextToGoOnFromIsReadFromTheReplyPartition() {
    try (ReplyTexts texts =
        new ReplyTexts(
            () -> new KafkaConsumer<>(ClientSettings.replies(rig.settings(), "test", 0)))) {
      // Given a text among others' that was kept
      rig.say(published("r", "a", "data: 1\n\n", 0));
      rig.say(published("other", "o", "data: x\n\n", 0));
      rig.say(published("r", "a", "data: 2\n\n", 1));
      rig.say(published("r", "", "", 0));
      ReplyAddress reply = new ReplyAddress("weir.responses." + rig.source().name(), 0, 0L);

      // When, Then
      Continues from = new Continues("a", 2L, 18L);
      assertThat(texts.read("r", reply, from).map(Continuation::text))
          .contains(ByteBuffer.wrap("data: 1\n\ndata: 2\n\n".getBytes(StandardCharsets.UTF_8)));
      assertThat(texts.read("r", reply, new Continues("b", 2L, 18L))).isEmpty();
      assertThat(texts.read("r", new ReplyAddress(reply.getTopic(), 0, 1_000L), from)).isEmpty();
    }
  }

  @Test
  void aCancelledRequestLeavesTheQueue() throws Exception {
    try (FakeEngine engine = patient()) {
      // Given
      rig.engine(engine.uri(), 1).dispatch();
      String running = rig.sendOne(rig.request());
      awaitClaim(running);
      String waiting = rig.sendOne(rig.request());
      awaitClaim(waiting);

      // When
      rig.cancel(waiting);

      // Then
      LifecycleEvent terminal = rig.terminal(waiting);
      assertThat(terminal.getType()).isEqualTo(LifecycleType.CANCELLED);
      assertCancelled(terminal.getFailure().orElseThrow(), /* workStarted= */ false);
      assertThat(rig.last(waiting).getEnd().orElseThrow().getFailure())
          .isEqualTo(terminal.getFailure());
      answers.release();
      assertThat(rig.terminal(running).getType()).isEqualTo(LifecycleType.SUCCEEDED);
      assertThat(order(engine)).containsExactly(running);
    }
  }

  @Test
  void aCancelledRequestLeavesItsEngine() throws Exception {
    try (FakeEngine engine = endless()) {
      // Given
      rig.engine(engine.uri(), 1).dispatch();
      String id = rig.sendOne(rig.stream());
      rig.until("text", () -> !rig.records(id).isEmpty());

      // When
      rig.cancel(id);

      // Then
      LifecycleEvent terminal = rig.terminal(id);
      assertThat(terminal.getType()).isEqualTo(LifecycleType.CANCELLED);
      assertCancelled(terminal.getFailure().orElseThrow(), /* workStarted= */ true);
      assertThat(rig.text(id)).startsWith("data: 1\n\n");
      assertThat(rig.last(id).getEnd().orElseThrow().getFailure()).isEqualTo(terminal.getFailure());
      // A script whose connection is closed ends.
      Awaitility.await().atMost(Rig.PATIENCE).until(() -> engine.running() == 0);
    }
  }

  @Test
  void whatWasCancelledBeforeItCameIsKnownAfterARestart() throws Exception {
    try (FakeEngine engine = FakeEngine.json("{}")) {
      // Given a request that was cancelled while no dispatcher was there
      rig.engine(engine.uri(), 1);
      String id = rig.sendOne(rig.request());
      rig.cancel(id);

      // When
      Dispatcher dispatcher = rig.dispatch();

      // Then
      assertThat(rig.terminal(id).getType()).isEqualTo(LifecycleType.CANCELLED);
      assertThat(rig.types(id)).containsExactly(LifecycleType.CLAIMED, LifecycleType.CANCELLED);

      // And given one more that is cancelled before it is sent, and another dispatcher
      InferenceRequest later = rig.request().build();
      rig.cancel(later.getId());
      dispatcher.close();
      rig.dispatch();

      // When
      rig.send(later);

      // Then
      assertThat(rig.terminal(later.getId()).getType()).isEqualTo(LifecycleType.CANCELLED);
      assertThat(engine.calls()).isEmpty();
    }
  }

  @Test
  void aFencedDispatcherPublishesNothingAndComesBack() throws Exception {
    AtomicLong slept = new AtomicLong();
    try (FakeEngine engine = endless()) {
      // Given a stream that has begun, and a request that waits behind it
      rig.engine(engine.uri(), 1);
      Dispatcher dispatcher =
          rig.dispatch(Settings.calls(Map.of()), () -> System.nanoTime() + slept.get());
      String running = rig.sendOne(rig.stream());
      rig.until("text", () -> !rig.records(running).isEmpty());
      String waiting = rig.sendOne(rig.request());
      awaitClaim(waiting);
      long epoch = rig.events(waiting).getFirst().getMemberEpoch().orElseThrow();

      // When it sleeps for longer than its lease
      slept.set(Duration.ofSeconds(10).toNanos());

      // Then it lets go of both, and serves others under a higher epoch
      Awaitility.await().atMost(Rig.PATIENCE).until(() -> engine.running() == 0);
      String next = rig.sendOne(rig.stream());
      rig.until("text", () -> !rig.records(next).isEmpty());
      LifecycleEvent claim = rig.events(next).getFirst();
      assertThat(claim.getMemberEpoch().orElseThrow()).isGreaterThan(epoch);
      assertThat(dispatcher.isReady()).isTrue();
      assertThat(order(engine)).containsExactly(running, next);
      rig.cancel(next);
      rig.terminal(next);
      for (String left : List.of(running, waiting)) {
        assertThat(rig.findTerminal(left)).isEmpty();
        assertThat(rig.chunks(left)).noneMatch(chunk -> chunk.getEnd().isPresent());
      }
    }
  }

  @Test
  void aDispatcherThatLeavesGivesBackWhatItCouldNotFinish() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (FakeEngine engine = FakeEngine.start((call, out) -> never.await());
        Membership members =
            Membership.follow(rig.settings(), "test", LeaseTerms.STANDARD, any -> {});
        Heartbeats controller =
            Heartbeats.start(
                new Identity("c", Role.CONTROLLER, Optional.empty(), "http://127.0.0.1:9"),
                rig.settings(),
                List::of)) {
      // Given a controller that is alive, and requests that do not end
      rig.engine(engine.uri(), 1);
      Dispatcher dispatcher = rig.dispatch(Settings.drain(Duration.ofMillis(200)));
      String running = rig.sendOne(rig.request());
      awaitClaim(running);
      String waiting = rig.sendOne(rig.request());
      awaitClaim(waiting);
      Awaitility.await()
          .atMost(Rig.PATIENCE)
          .until(
              () ->
                  controller.lease().isHeld()
                      && members.current().ids(Role.DISPATCHER).stream()
                          .anyMatch(id -> id.contains(rig.source().name())));

      // When
      dispatcher.close();

      // Then it is gone, and said nothing of them
      Awaitility.await()
          .atMost(Rig.PATIENCE)
          .until(
              () ->
                  members.current().ids(Role.DISPATCHER).stream()
                      .noneMatch(id -> id.contains(rig.source().name())));
      rig.read();
      for (String left : Set.of(running, waiting)) {
        assertThat(rig.findTerminal(left)).isEmpty();
        assertThat(rig.chunks(left)).isEmpty();
      }
    }
  }
}
