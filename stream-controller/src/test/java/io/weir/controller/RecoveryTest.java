package io.weir.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.f4b6a3.ulid.Ulid;
import io.weir.controller.Story.Shape;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.Requeue;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.Role;
import io.weir.schemas.Topics;
import io.weir.schemas.members.Heartbeats;
import io.weir.schemas.members.Identity;
import io.weir.schemas.members.LeaseTerms;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of requests whose dispatcher is dead. */
class RecoveryTest {
  private static final LeaseTerms SHORT =
      new LeaseTerms(Duration.ofMillis(200), Duration.ofMillis(900), Duration.ofMillis(200));

  private Rig rig;
  private Story story;
  private List<ConsumerRecord<String, SpecificRecord>> lifecycle;
  private List<ConsumerRecord<String, SpecificRecord>> replies;
  private List<ConsumerRecord<String, SpecificRecord>> requeues;

  @BeforeEach
  void start(@TempDir Path directory) {
    rig = new Rig(directory);
    story = rig.closing(new Story(rig.settings()));
    lifecycle = rig.follow(Topics.lifecycle());
    replies = rig.follow(Topics.responses("east"));
    requeues = rig.follow(Topics.requeues("east", "llama"));
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void whatADeadDispatcherHeldIsSettledInterruptedOrRunAgain() throws Exception {
    // Given requests of a dispatcher that is never heard of
    String untouched = Story.id();
    story.write(Story.accepted(untouched, Shape.STREAM));
    story.write(Story.dispatched(untouched, "a1", "dead", Shape.STREAM));
    String begun = Story.id();
    story.write(Story.dispatched(begun, "b1", "dead", Shape.STREAM));
    story.data(begun, "b1", "data: half\n\n");
    String ended = Story.id();
    story.write(Story.dispatched(ended, "c1", "dead", Shape.STREAM));
    long end = story.whole(ended, "c1", "data: all\n\n");
    String unwatched = Story.id();
    story.write(Story.dispatched(unwatched, "d1", "dead", Shape.ASYNC));
    story.data(unwatched, "d1", "{\"half");
    String over = Story.id();
    story.write(Story.dispatched(over, "e1", "dead", Shape.STREAM));
    story.write(Story.succeeded(over, "e1", "dead", story.whole(over, "e1", "data: all\n\n")));
    String waiting = Story.id();
    story.write(Story.accepted(waiting, Shape.STREAM));

    // When
    Controller first = rig.controller("c1", SHORT);

    // Then what nobody had read of, or nobody watches, is run again
    await().atMost(Rig.PATIENCE).until(() -> lifecycle(untouched, LifecycleType.REQUEUED) == 1);
    await().atMost(Rig.PATIENCE).until(() -> lifecycle(unwatched, LifecycleType.REQUEUED) == 1);
    assertThat(requeues(untouched)).singleElement().satisfies(this::isNext);
    assertThat(requeues(unwatched)).singleElement().satisfies(this::isNext);
    assertThat(closedIn(untouched)).containsExactly("a1");
    assertThat(closedIn(unwatched)).containsExactly("d1");
    // ... a begun stream is told of it
    LifecycleEvent interrupted = terminal(begun);
    assertThat(interrupted.getType()).isEqualTo(LifecycleType.FAILED);
    assertThat(interrupted.getSettled()).isTrue();
    assertThat(interrupted.getFailure().orElseThrow().getReason()).isEqualTo("interrupted");
    assertThat(chunks(begun).getLast().getAttemptId()).isEqualTo("b1");
    assertThat(chunks(begun).getLast().getEnd().orElseThrow().getFailure()).isPresent();
    // ... and what had ended has its end.
    LifecycleEvent settled = terminal(ended);
    assertThat(settled.getType()).isEqualTo(LifecycleType.SUCCEEDED);
    assertThat(settled.getSettled()).isTrue();
    assertThat(settled.getLastOffset()).contains(end);
    assertThat(requeues(over)).isEmpty();
    assertThat(requeues(begun)).isEmpty();
    assertThat(requeues(ended)).isEmpty();
    assertThat(requeues(waiting)).isEmpty();
    try (Http http = new Http(first.uri())) {
      Http.Answer answer = http.get("/internal/requests/" + ended);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body().path("terminal").path("type").asText()).isEqualTo("succeeded");
      assertThat(http.get("/internal/requests/" + waiting).body().path("terminal").isNull())
          .isTrue();
      // What an id stands for that was made just now may not have been read yet.
      assertThat(http.get("/internal/requests/" + Story.id()).status()).isEqualTo(503);
      String older = Ulid.min(System.currentTimeMillis() - 300_000).toString();
      assertThat(http.get("/internal/requests/" + older).status()).isEqualTo(404);
      assertThat(http.get("/internal/requests/01AAAAAAAAAAAAAAAAAAAAAAAA").status()).isEqualTo(410);
    }

    // When it is started again, and everything of before stands in the log
    first.close();
    int events = lifecycle.size();
    Controller second = rig.controller("c1", SHORT);
    await().atMost(Rig.PATIENCE).until(second::knowsRequests);
    String later = Story.id();
    story.write(Story.dispatched(later, "f1", "dead", Shape.STREAM));
    await().atMost(Rig.PATIENCE).until(() -> lifecycle(later, LifecycleType.REQUEUED) == 1);

    // Then nothing is done twice
    assertThat(lifecycle.subList(events, lifecycle.size()))
        .allSatisfy(record -> assertThat(record.key()).isEqualTo(later));
    assertThat(requeues).hasSize(3);
  }

  @Test
  void anotherControllerAnswersAndActs() throws Exception {
    // Given two controllers, and a request that one of them knows
    Controller one = rig.controller("c1", SHORT);
    await().atMost(Rig.PATIENCE).until(one::knowsRequests);
    Controller two = rig.controller("c2", SHORT);
    String known = Story.id();
    story.write(Story.accepted(known, Shape.STREAM));
    try (Http first = new Http(one.uri());
        Http second = new Http(two.uri())) {
      await()
          .atMost(Rig.PATIENCE)
          .until(
              () ->
                  two.knowsRequests() && second.get("/internal/requests/" + known).status() == 200);
      assertThat(first.get("/internal/requests/" + known).status()).isEqualTo(200);

      // When
      one.close();
      String held = Story.id();
      story.write(Story.dispatched(held, "a1", "dead", Shape.STREAM));

      // Then
      await().atMost(Rig.PATIENCE).until(() -> lifecycle(held, LifecycleType.REQUEUED) == 1);
      await()
          .atMost(Rig.PATIENCE)
          .until(() -> second.get("/internal/requests/" + known).status() == 200);
      await()
          .atMost(Rig.PATIENCE)
          .until(() -> second.get("/internal/requests/" + held).body().path("claims").isEmpty());
    }
  }

  @Test
  void theNextControllerActsThoughNothingNewIsWritten() throws Exception {
    // Given a request in the hands of a dispatcher that lives, read and committed
    String held = Story.id();
    try (Heartbeats living =
        Heartbeats.start(
            new Identity("living", Role.DISPATCHER, Optional.of("east"), "http://127.0.0.1:9"),
            SHORT,
            rig.settings(),
            List::of)) {
      Controller one = rig.controller("c1", SHORT);
      LifecycleEvent dispatched = Story.dispatched(held, "a1", "living", Shape.STREAM);
      story.write(LifecycleEvent.newBuilder(dispatched).setMemberEpoch(living.epoch()).build());
      try (Http http = new Http(one.uri())) {
        await()
            .atMost(Rig.PATIENCE)
            .until(() -> http.get("/internal/requests/" + held).status() == 200);
      }
      one.close();
    }

    // When the dispatcher is gone as well
    rig.controller("c2", SHORT);

    // Then
    await().atMost(Rig.PATIENCE).until(() -> lifecycle(held, LifecycleType.REQUEUED) == 1);
  }

  @Test
  void whatNobodyTookInTimeEndsAndWhatFailsTooOftenIsADeadLetter() throws Exception {
    // Given
    List<ConsumerRecord<String, SpecificRecord>> letters = rig.follow(Topics.deadLetters());
    Shape expired = new Shape(true, true, Duration.ofMinutes(-1), Optional.empty());
    String late = Story.id();
    story.write(Story.accepted(late, expired));
    String hopeless = Story.id();
    for (int i = 1; i <= 3; i++) {
      story.write(Story.dispatched(hopeless, "a" + i, "dead", Shape.STREAM));
    }

    // When
    rig.controller("c1", SHORT);

    // Then
    LifecycleEvent end = terminal(late);
    assertThat(end.getType()).isEqualTo(LifecycleType.EXPIRED);
    assertThat(end.getSettled()).isTrue();
    assertThat(chunks(late).getLast().getEnd().orElseThrow().getFailure().orElseThrow().getStatus())
        .isEqualTo(504);
    assertThat(terminal(hopeless).getType()).isEqualTo(LifecycleType.DEAD_LETTERED);
    await().atMost(Rig.PATIENCE).until(() -> letters.size() == 1);
    assertThat(letters.getFirst().key()).isEqualTo(hopeless);
    assertThat(requeues).isEmpty();
  }

  private void isNext(Requeue requeue) {
    assertThat(requeue.getAttemptNumber()).isEqualTo(2);
    assertThat(requeue.getTriedEngines()).containsExactly("e1");
  }

  private long lifecycle(String id, LifecycleType type) {
    return events(id).stream().filter(event -> event.getType() == type).count();
  }

  private List<LifecycleEvent> events(String id) {
    return lifecycle.stream()
        .filter(record -> record.key().equals(id))
        .map(record -> (LifecycleEvent) record.value())
        .toList();
  }

  private LifecycleEvent terminal(String id) {
    await()
        .atMost(Rig.PATIENCE)
        .until(() -> events(id).stream().anyMatch(LifecycleEvent::getSettled));
    return events(id).stream().filter(LifecycleEvent::getSettled).findFirst().orElseThrow();
  }

  private List<ResponseChunk> chunks(String id) {
    return replies.stream()
        .map(record -> (ResponseChunk) record.value())
        .filter(chunk -> chunk.getRequestId().equals(id))
        .toList();
  }

  private List<String> closedIn(String id) {
    await()
        .atMost(Rig.PATIENCE)
        .until(() -> chunks(id).stream().anyMatch(chunk -> !chunk.getClosedAttempts().isEmpty()));
    return chunks(id).stream().flatMap(chunk -> chunk.getClosedAttempts().stream()).toList();
  }

  private List<Requeue> requeues(String id) {
    return requeues.stream()
        .filter(record -> record.key().equals(id))
        .map(record -> (Requeue) record.value())
        .toList();
  }
}
