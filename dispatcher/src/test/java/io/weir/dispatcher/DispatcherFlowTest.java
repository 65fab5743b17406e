package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.embedded.EmbeddedKafka;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.RecordPointer;
import io.weir.schemas.RequestClass;
import io.weir.schemas.Topics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DispatcherFlowTest {
  @TempDir static Path directory;
  private static EmbeddedKafka kafka;
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
    rig.close();
  }

  private Map<TopicPartition, OffsetAndMetadata> committed() {
    try (Admin admin = Admin.create(rig.settings().admin())) {
      return admin
          .listConsumerGroupOffsets("weir.dispatchers." + rig.source().name())
          .partitionsToOffsetAndMetadata()
          .get();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  private static String page(Dispatcher dispatcher, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + dispatcher.port() + path))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private static double metric(Dispatcher dispatcher, String name) throws Exception {
    return page(dispatcher, "/metrics")
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Test
  void tenTimesMoreRequestsThanSlotsAllComeThrough() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    try (FakeEngine engine =
        FakeEngine.start(
            (call, out) -> {
              gate.await();
              out.write(FakeEngine.response("application/json", "{}"));
            })) {
      // Given 4 slots, so that 8 requests may be ready, give or take a poll of 2
      rig.engine(engine.uri(), 4);
      Dispatcher dispatcher = rig.dispatch(Settings.lanes(Map.of("poll-records", "2")));
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        ids.add(rig.sendOne(rig.request()));
      }

      // When all slots are busy
      rig.until("claims", () -> ids.stream().filter(id -> !rig.events(id).isEmpty()).count() >= 12);
      Awaitility.await()
          .atMost(Rig.PATIENCE)
          .until(() -> metric(dispatcher, "weir_dispatcher_lanes_paused") > 0);

      // Then no more are taken than may be
      assertThat(metric(dispatcher, "weir_dispatcher_ready{")).isBetween(8.0, 9.0);
      assertThat(ids.stream().filter(id -> !rig.events(id).isEmpty()).count()).isBetween(12L, 13L);

      // And when they are free again, nothing is lost and nothing runs twice
      gate.countDown();
      ids.forEach(
          id -> assertThat(rig.terminal(id).getType()).as(id).isEqualTo(LifecycleType.SUCCEEDED));
      assertThat(engine.calls()).hasSize(60);
      assertThat(engine.mostRunning()).isLessThanOrEqualTo(4);
      // Which partition is read first is the consumer's choice, so which request is not known.
      assertThat(ids)
          .anySatisfy(
              id ->
                  assertThat(rig.types(id))
                      .containsExactly(LifecycleType.DISPATCHED, LifecycleType.SUCCEEDED));
      assertThat(rig.types(ids.getLast()))
          .containsSubsequence(LifecycleType.DISPATCHED, LifecycleType.SUCCEEDED);
      LifecycleEvent waited =
          ids.stream()
              .flatMap(id -> rig.events(id).stream())
              .filter(event -> event.getType() == LifecycleType.CLAIMED)
              .findFirst()
              .orElseThrow();
      assertThat(rig.types(waited.getRequestId()))
          .containsExactly(
              LifecycleType.CLAIMED, LifecycleType.DISPATCHED, LifecycleType.SUCCEEDED);
      assertThat(waited.getRequest()).isPresent();
      assertThat(rig.events(waited.getRequestId()).get(1).getRequest()).isEmpty();
      Set<String> attempts = new HashSet<>();
      ids.forEach(id -> attempts.add(rig.terminal(id).getAttempt().orElseThrow().getId()));
      assertThat(attempts).hasSize(60).allMatch(id -> id.matches("[0-9a-z]{10}"));
    }
  }

  @Test
  void aHigherClassGoesFirst() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    try (FakeEngine engine =
        FakeEngine.start(
            (call, out) -> {
              gate.await();
              out.write(FakeEngine.response("application/json", "{}"));
            })) {
      // Given one slot that is taken, and a request of each class behind it
      rig.engine(engine.uri(), 1).dispatch();
      String running = rig.sendOne(rig.request());
      rig.until("running", () -> !rig.events(running).isEmpty());
      List<String> ids = new ArrayList<>();
      for (RequestClass requestClass :
          List.of(
              RequestClass.BATCH,
              RequestClass.FLEX,
              RequestClass.STANDARD,
              RequestClass.PRIORITY)) {
        String id = rig.sendOne(rig.request().setRequestClass(requestClass));
        ids.add(id);
        rig.until("claimed", () -> !rig.events(id).isEmpty());
      }

      // When
      gate.countDown();
      ids.forEach(rig::terminal);

      // Then
      assertThat(engine.calls().stream().skip(1).map(call -> call.headers().get("x-request-id")))
          .containsExactlyElementsOf(ids.reversed());
    }
  }

  @Test
  void onlyClaimedRequestsAreCommitted() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    try (FakeEngine engine =
        FakeEngine.start(
            (call, out) -> {
              gate.await();
              out.write(FakeEngine.response("application/json", "{}"));
            })) {
      // Given more requests than the dispatcher takes
      rig.engine(engine.uri(), 2).dispatch(Settings.lanes(Map.of("poll-records", "1")));
      Map<String, Long> sent = new HashMap<>();
      for (int i = 0; i < 30; i++) {
        InferenceRequest request = rig.request().build();
        var metadata = rig.send(request);
        sent.put(metadata.topic() + "-" + metadata.partition() + "@" + metadata.offset(), 1L);
      }
      rig.until("claims", () -> claimed(sent.size()).size() >= 6);

      // When commits have caught up with the claims
      Awaitility.await()
          .atMost(Rig.PATIENCE)
          .untilAsserted(
              () -> {
                rig.read();
                assertThat(total(committed())).isEqualTo(claimed(30).size());
              });

      // Then what is not claimed is not committed, while nothing has finished yet
      assertThat(total(committed())).isLessThan(30);
      committed()
          .forEach(
              (lane, position) -> {
                for (long offset = 0; offset < position.offset(); offset++) {
                  assertThat(claimed(30)).contains(lane + "@" + offset);
                }
              });
      gate.countDown();
      rig.until("all claimed", () -> claimed(30).size() == 30);
      assertThat(claimed(30)).containsExactlyInAnyOrderElementsOf(sent.keySet());
    }
  }

  private static long total(Map<TopicPartition, OffsetAndMetadata> positions) {
    return positions.values().stream().mapToLong(OffsetAndMetadata::offset).sum();
  }

  /** Where the requests lie that have been claimed. */
  private Set<String> claimed(int requests) {
    Set<String> claimed = new HashSet<>();
    for (int i = 0; i < requests; i++) {
      for (LifecycleEvent event : rig.events(rig.source().name() + "-" + i)) {
        event
            .getRequest()
            .flatMap(request -> request.getPointer())
            .ifPresent(
                (RecordPointer pointer) ->
                    claimed.add(
                        pointer.getTopic()
                            + "-"
                            + pointer.getPartition()
                            + "@"
                            + pointer.getOffset()));
      }
    }
    return claimed;
  }

  @Test
  void recordsThatAreNoRequestsAreSkipped() throws Exception {
    try (FakeEngine engine = FakeEngine.json("{}");
        KafkaProducer<String, byte[]> raw =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", rig.settings().bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
      rig.engine(engine.uri(), 4);
      Dispatcher dispatcher = rig.dispatch();
      String lane = Topics.requests(rig.source().name(), Rig.POOL, RequestClass.STANDARD);
      for (int partition = 0; partition < 2; partition++) {
        for (byte[] bytes :
            new byte[][] {
              "garbage".getBytes(StandardCharsets.UTF_8),
              {},
              {0, 0, 0, 0, 1, 99},
              {0, 0, 0, 77, 77, 1, 2, 3},
              null
            }) {
          raw.send(new ProducerRecord<>(lane, partition, "k", bytes)).get();
        }
      }
      for (int i = 0; i < 6; i++) {
        assertThat(rig.terminal(rig.sendOne(rig.request())).getType())
            .isEqualTo(LifecycleType.SUCCEEDED);
      }
      assertThat(metric(dispatcher, "weir_dispatcher_poison_records_total")).isEqualTo(10);
      Awaitility.await()
          .atMost(Rig.PATIENCE)
          .untilAsserted(() -> assertThat(total(committed())).isEqualTo(16));
    }
  }

  @Test
  void closeLetsWhatRunsFinish() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    try (FakeEngine engine =
        FakeEngine.start(
            (call, out) -> {
              started.countDown();
              FakeEngine.pause(300);
              out.write(FakeEngine.response("application/json", "{}"));
            })) {
      rig.engine(engine.uri(), 1);
      Dispatcher dispatcher = rig.dispatch();
      String running = rig.sendOne(rig.request());
      String waiting = rig.sendOne(rig.request());
      started.await();
      rig.until("claimed", () -> !rig.events(waiting).isEmpty());

      dispatcher.close();

      assertThat(rig.terminal(running).getType()).isEqualTo(LifecycleType.SUCCEEDED);
      assertThat(rig.terminal(waiting).getType()).isEqualTo(LifecycleType.SUCCEEDED);
      assertThat(total(committed())).isEqualTo(2);
    }
  }

  @Test
  void closeEndsWhatDoesNotFinish() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (FakeEngine engine = FakeEngine.start((call, out) -> never.await())) {
      rig.engine(engine.uri(), 1);
      Dispatcher dispatcher = rig.dispatch(Settings.drain(Duration.ofMillis(200)));
      String running = rig.sendOne(rig.request());
      rig.until("running", () -> !rig.events(running).isEmpty());
      String waiting = rig.sendOne(rig.request());
      rig.until("claimed", () -> !rig.events(waiting).isEmpty());

      dispatcher.close();

      for (String id : List.of(running, waiting)) {
        LifecycleEvent terminal = rig.terminal(id);
        assertThat(terminal.getType()).isEqualTo(LifecycleType.FAILED);
        assertThat(terminal.getFailure().orElseThrow().getReason()).isEqualTo("dispatcher_stopped");
        assertThat(terminal.getFailure().orElseThrow().getRetrySafe())
            .isEqualTo(id.equals(waiting));
        assertThat(terminal.getFailure().orElseThrow().getWorkStarted())
            .isEqualTo(id.equals(running));
        assertThat(rig.last(id).getEnd().orElseThrow().getFailure())
            .isEqualTo(terminal.getFailure());
      }
      assertThat(engine.calls()).hasSize(1);
    }
  }

  @Test
  void twoDispatchersShareTheLanes() throws Exception {
    AtomicInteger served = new AtomicInteger();
    try (FakeEngine engine =
        FakeEngine.start(
            (call, out) -> {
              served.incrementAndGet();
              out.write(FakeEngine.response("application/json", "{}"));
            })) {
      // Given
      rig.engine(engine.uri(), 16);
      Dispatcher one = rig.dispatch();
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        ids.add(rig.sendOne(rig.request()));
      }
      Dispatcher two = rig.dispatch();

      // When requests keep coming while lanes move, until both have had some
      Set<String> members = new HashSet<>();
      rig.until(
          "both",
          () -> {
            String id = rig.sendOne(rig.request());
            ids.add(id);
            members.add(rig.terminal(id).getMember());
            return members.size() == 2;
          });

      // Then each ran once, also after one has left
      two.close();
      for (int i = 0; i < 20; i++) {
        ids.add(rig.sendOne(rig.request()));
      }
      ids.forEach(id -> assertThat(rig.terminal(id).getType()).isEqualTo(LifecycleType.SUCCEEDED));
      assertThat(served).hasValue(ids.size());
      assertThat(one.isReady()).isTrue();
    }
  }

  @Test
  void pagesTellHealthAndMetrics() throws Exception {
    try (FakeEngine engine = FakeEngine.json("{}")) {
      rig.engine(engine.uri(), 4);
      Dispatcher dispatcher = rig.dispatch();
      rig.terminal(rig.sendOne(rig.request()));
      assertThat(page(dispatcher, "/health/live")).contains("up");
      assertThat(page(dispatcher, "/health/ready")).contains("up");
      assertThat(page(dispatcher, "/metrics"))
          .contains(
              "weir_dispatcher_dispatched_total{engine=\"e0\"} 1.0",
              "weir_dispatcher_outcomes_total{reason=\"ok\"} 1.0",
              "weir_dispatcher_in_flight{engine=\"e0\"}",
              "weir_dispatcher_ready{class=\"standard\",pool=\"llama\"}",
              "weir_dispatcher_engine_rtt_seconds{engine=\"e0\"}",
              "weir_dispatcher_first_byte_seconds_count{engine=\"e0\"} 1");
    }
  }
}
