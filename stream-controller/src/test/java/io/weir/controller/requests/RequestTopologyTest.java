package io.weir.controller.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.github.f4b6a3.ulid.UlidCreator;
import io.weir.controller.requests.RequestProcessor.Parts;
import io.weir.embedded.EmbeddedRegistry;
import io.weir.routing.fleet.Price;
import io.weir.schemas.AcceptedRequest;
import io.weir.schemas.Attempt;
import io.weir.schemas.BatchItem;
import io.weir.schemas.BatchResult;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.PendingCallback;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.RequestClass;
import io.weir.schemas.RequestState;
import io.weir.schemas.TenantSpend;
import io.weir.schemas.TokenUsage;
import io.weir.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fold, what it points out, and what it forgets, in virtual time. */
class RequestTopologyTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final Duration RETENTION = Duration.ofDays(7);

  private final List<Candidates> candidates = new ArrayList<>();
  private final Set<String> dead = new HashSet<>();
  private final AtomicLong clock = new AtomicLong(NOW.toEpochMilli());
  private final Posts posts = new Posts();
  private EmbeddedRegistry registry;
  private KafkaSettings kafka;
  private TopologyTestDriver driver;
  private TestInputTopic<String, LifecycleEvent> lifecycle;

  /** Takes posts and leaves it to the test how they go. */
  private static final class Posts implements CallbackPoster {
    private final List<String> ids = new ArrayList<>();
    private final List<Consumer<CallbackOutcome>> done = new ArrayList<>();

    @Override
    public boolean post(RequestState state, Consumer<CallbackOutcome> listener) {
      ids.add(state.getRequestId());
      done.add(listener);
      return true;
    }

    @Override
    public Duration patience() {
      return Duration.ofHours(24);
    }
  }

  @BeforeEach
  void start(@TempDir Path directory) {
    registry = EmbeddedRegistry.start(0);
    kafka = KafkaSettings.of("localhost:1", registry.url());
    driver =
        new TopologyTestDriver(
            RequestTopology.of(
                kafka,
                new Parts(
                    new Positions(),
                    partition -> 0,
                    (member, epoch) -> dead.contains(member),
                    clock::get,
                    candidates::add,
                    posts,
                    Duration.ofSeconds(10),
                    RETENTION,
                    pool -> new Price(1, 10, Optional.of(0.5)))),
            kafka.streams(
                Map.of(
                    StreamsConfig.APPLICATION_ID_CONFIG,
                    Topics.requestStateApplication(),
                    StreamsConfig.STATE_DIR_CONFIG,
                    directory.toString(),
                    StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG,
                    StateMemory.class)),
            NOW);
    lifecycle =
        driver.createInputTopic(
            Topics.lifecycle(), new StringSerializer(), kafka.<LifecycleEvent>serde().serializer());
  }

  @AfterEach
  void stop() {
    driver.close();
    registry.close();
  }

  @Test
  void theEndOfABatchsLineIsToldOnceEvenIfItsClaimIsKnownLater() {
    // Given
    TestOutputTopic<String, BatchResult> results =
        driver.createOutputTopic(
            Topics.batchItems(),
            new StringDeserializer(),
            kafka.<BatchResult>serde().deserializer());
    String line = id(NOW);
    String other = id(NOW);
    write(accepted(other, NOW.plusSeconds(60)));
    write(event(other, LifecycleType.EXPIRED).build());

    // When it ends before anything else is known of it
    write(event(line, LifecycleType.EXPIRED).build());
    assertThat(results.isEmpty()).isTrue();
    LifecycleEvent accepted = accepted(line, NOW.plusSeconds(60));
    write(
        LifecycleEvent.newBuilder(accepted)
            .setRequest(
                AcceptedRequest.newBuilder(accepted.getRequest().orElseThrow())
                    .setBatch(new BatchItem("batch_1", 7, "seven"))
                    .build())
            .build());
    write(event(line, LifecycleType.FAILED).build());

    // Then
    assertThat(results.readKeyValuesToList())
        .satisfiesExactly(
            told -> {
              assertThat(told.key).isEqualTo("batch_1");
              assertThat(told.value.getLine()).isEqualTo(7);
              assertThat(told.value.getRequestId()).isEqualTo(line);
              assertThat(told.value.getType()).isEqualTo(LifecycleType.EXPIRED);
            });
  }

  @Test
  void whatADeadMemberHoldsIsPointedOutUntilItIsClosed() {
    // Given
    String id = id(NOW);
    write(accepted(id, NOW.plusSeconds(60)));
    write(dispatched(id, "a1", "d1"));
    driver.advanceWallClockTime(Duration.ofSeconds(1));
    assertThat(candidates).isEmpty();

    // When
    dead.add("d1");
    driver.advanceWallClockTime(Duration.ofMillis(250));

    // Then
    assertThat(candidates).last().extracting(Candidates::ids).isEqualTo(List.of(id));

    // When
    candidates.clear();
    write(event(id, LifecycleType.REQUEUED).setClosedAttempts(List.of("a1")).build());
    driver.advanceWallClockTime(Duration.ofSeconds(1));

    // Then
    assertThat(candidates).isEmpty();
    assertThat(state(id).orElseThrow().getClaims()).isEmpty();
  }

  @Test
  void whatExpiresInNobodysHandsIsPointedOut() {
    // Given
    String waiting = id(NOW);
    write(accepted(waiting, NOW.plusSeconds(60)));
    String held = id(NOW);
    write(accepted(held, NOW.plusSeconds(60)));
    write(dispatched(held, "a1", "d1"));

    // When
    clock.set(NOW.plusSeconds(69).toEpochMilli());
    driver.advanceWallClockTime(Duration.ofSeconds(1));
    assertThat(candidates).isEmpty();
    clock.set(NOW.plusSeconds(71).toEpochMilli());
    driver.advanceWallClockTime(Duration.ofMillis(250));

    // Then
    assertThat(candidates).singleElement().extracting(Candidates::ids).isEqualTo(List.of(waiting));

    // When
    candidates.clear();
    write(event(waiting, LifecycleType.EXPIRED).setSettled(true).build());
    driver.advanceWallClockTime(Duration.ofSeconds(1));

    // Then
    assertThat(candidates).isEmpty();
  }

  @Test
  void whatIsOlderThanTheRetentionIsForgotten() {
    // Given
    String old = id(NOW.minus(RETENTION).plusSeconds(10));
    String young = id(NOW);
    write(accepted(old, NOW.plusSeconds(60)));
    write(event(old, LifecycleType.EXPIRED).setSettled(true).build());
    write(accepted(young, NOW.plusSeconds(60)));

    // When
    driver.advanceWallClockTime(Duration.ofSeconds(5));
    assertThat(state(old)).isPresent();
    driver.advanceWallClockTime(Duration.ofSeconds(10));

    // Then
    assertThat(state(old)).isEmpty();
    assertThat(state(young)).isPresent();
  }

  @Test
  void resultsArePostedUntilTheyAreTaken() {
    // Given
    String id = id(NOW);
    AcceptedRequest request =
        AcceptedRequest.newBuilder(request(NOW.plusSeconds(60)))
            .setCallback("https://hooks.example.com/x")
            .build();
    write(event(id, LifecycleType.ACCEPTED).setRequest(request).build());
    driver.advanceWallClockTime(Duration.ofSeconds(2));
    assertThat(posts.ids).isEmpty();

    // When it comes to its end
    write(event(id, LifecycleType.SHED).build());
    driver.advanceWallClockTime(Duration.ofSeconds(1));
    driver.advanceWallClockTime(Duration.ofMinutes(1));

    // Then it is posted, once at a time
    assertThat(posts.ids).containsExactly(id);

    // When that fails
    posts.done.getFirst().accept(CallbackOutcome.RETRY);
    driver.advanceWallClockTime(Duration.ofSeconds(1));
    assertThat(posts.ids).hasSize(1);
    driver.advanceWallClockTime(Duration.ofSeconds(10));

    // Then it is tried again
    assertThat(posts.ids).hasSize(2);

    // When it is taken
    posts.done.getLast().accept(CallbackOutcome.DONE);
    driver.advanceWallClockTime(Duration.ofMinutes(5));

    // Then it is over
    assertThat(posts.ids).hasSize(2);
    KeyValueStore<String, PendingCallback> pending =
        driver.getKeyValueStore(RequestStores.CALLBACKS);
    assertThat(pending.get(id)).isNull();
  }

  @Test
  void whatTenantsUseUpIsToldOnceForEveryVisibleTerminal() {
    // Given
    TestOutputTopic<String, TenantSpend> sums =
        driver.createOutputTopic(
            Topics.tenantSpend(),
            new StringDeserializer(),
            kafka.<TenantSpend>serde().deserializer());
    String done = id(NOW);
    String open = id(NOW);
    write(accepted(done, NOW.plusSeconds(60)));
    write(accepted(open, NOW.plusSeconds(60)));

    // When it ends, and an end of it comes once more
    LifecycleEvent end =
        event(done, LifecycleType.SUCCEEDED)
            .setUsage(new TokenUsage(1_000, 500, 400, false))
            .build();
    write(end);
    write(end);
    driver.advanceWallClockTime(Duration.ofSeconds(1));

    // Then
    Map<String, TenantSpend> told = sums.readKeyValuesToMap();
    assertThat(told.keySet())
        .containsExactlyInAnyOrder(
            "acme/day/2026-03-01T00:00:00Z/0", "acme/month/2026-03-01T00:00:00Z/0");
    assertThat(told.values())
        .allSatisfy(
            sum -> {
              assertThat(sum.getRequests()).isEqualTo(1);
              assertThat(sum.getPromptTokens()).isEqualTo(1_000);
              assertThat(sum.getOutputTokens()).isEqualTo(500);
              assertThat(sum.getCost()).isCloseTo(0.0058, within(1e-12));
              assertThat(sum.getOpenTokens()).isEqualTo(2);
              assertThat(sum.getOpenCost()).isCloseTo(11e-6, within(1e-12));
            });

    // When a day passes, and the other one ends without having been run
    driver.advanceWallClockTime(Duration.ofDays(1));
    lifecycle.pipeInput(
        open, event(open, LifecycleType.SHED).build(), NOW.plus(Duration.ofDays(1)));
    driver.advanceWallClockTime(Duration.ofSeconds(1));

    // Then
    told = sums.readKeyValuesToMap();
    assertThat(told.get("acme/day/2026-03-02T00:00:00Z/0").getRequests()).isZero();
    assertThat(told.get("acme/month/2026-03-01T00:00:00Z/0").getRequests()).isEqualTo(1);
    assertThat(told.get("acme/month/2026-03-01T00:00:00Z/0").getOpenTokens()).isZero();

    // When nothing changes any more
    for (int second = 0; second < 20; second++) {
      driver.advanceWallClockTime(Duration.ofSeconds(1));
    }
    sums.readKeyValuesToList();
    driver.advanceWallClockTime(Duration.ofSeconds(1));

    // Then
    assertThat(sums.isEmpty()).isTrue();
  }

  private void write(LifecycleEvent event) {
    lifecycle.pipeInput(event.getRequestId(), event);
  }

  private Optional<RequestState> state(String id) {
    KeyValueStore<String, RequestState> states = driver.getKeyValueStore(RequestStores.STATES);
    return Optional.ofNullable(states.get(id));
  }

  private static String id(Instant time) {
    return UlidCreator.getUlid(time.toEpochMilli()).toString();
  }

  private static LifecycleEvent accepted(String id, Instant expiry) {
    return event(id, LifecycleType.ACCEPTED).setRequest(request(expiry)).build();
  }

  private static LifecycleEvent dispatched(String id, String attempt, String member) {
    return event(id, LifecycleType.DISPATCHED)
        .setRequest(request(NOW.plusSeconds(60)))
        .setAttempt(new Attempt(attempt, 1))
        .setMember(member)
        .setMemberEpoch(1L)
        .build();
  }

  private static AcceptedRequest request(Instant expiry) {
    return AcceptedRequest.newBuilder()
        .setReply(new ReplyAddress(Topics.responses("east"), 0, 0L))
        .setPath("/v1/chat/completions")
        .setStream(true)
        .setEnqueuedAt(NOW)
        .setExpiresAt(expiry)
        .setPromptTokens(1)
        .setOutputTokens(1)
        .setBodyBytes(1)
        .build();
  }

  private static LifecycleEvent.Builder event(String id, LifecycleType type) {
    return LifecycleEvent.newBuilder()
        .setRequestId(id)
        .setType(type)
        .setAt(NOW)
        .setMember("m")
        .setSource("east")
        .setPool("llama")
        .setRequestClass(RequestClass.STANDARD)
        .setTenant("acme")
        .setModel("llama");
  }
}
