package io.weir.controller.requests;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.embedded.EmbeddedRegistry;
import io.weir.schemas.AcceptedRequest;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.RequestClass;
import io.weir.schemas.RequestState;
import io.weir.schemas.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With the states it goes by, against plain maps that are always asked. */
class OpenIndexTest {
  private static final int MOST = 5;
  private static final int NEWEST = 8;

  private final TreeMap<String, RequestState> model = new TreeMap<>();
  private EmbeddedRegistry registry;
  private TopologyTestDriver driver;
  private KeyValueStore<String, RequestState> stateStore;
  private KeyValueStore<String, byte[]> openStore;
  private StateTable states;
  private OpenIndex index;

  @Test
  void findsWhatHasExpiredAndNothingElseHoweverOftenItIsOpenedAgain() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    long now = 1_000;
    for (int step = 0; step < 5_000; step++) {
      change(random, step, now);
      now += random.nextInt(20);
      if (random.nextInt(50) == 0) {
        index.mark(states.floor());
      }
      if (random.nextInt(100) == 0) {
        // What was in memory only is gone.
        open();
      }
      assertThat(index.expiringBefore(now, MOST)).isEqualTo(expected(now));
      if (random.nextInt(20) == 0) {
        model.forEach((id, state) -> assertThat(states.get(id)).contains(state));
        assertThat(states.get("r9")).isEmpty();
      }
    }
    open();
    List<String> all = new ArrayList<>();
    index.forEachKept((expiresAt, id) -> all.add(OpenKey.of(expiresAt, id)));
    assertThat(all).containsExactlyElementsOf(keys());
  }

  /** Something comes, ends, comes late, gets another expiry, or is forgotten. */
  private void change(Random random, int step, long now) {
    int what = random.nextInt(10);
    if (what < 5 || model.isEmpty()) {
      int order = random.nextInt(10) == 0 ? random.nextInt(step + 1) : step;
      put("r%06d".formatted(order), state(now + random.nextInt(-50, 400)));
      return;
    }
    String id =
        new ArrayList<>(model.keySet())
            .get(
                random.nextBoolean()
                    ? random.nextInt(model.size())
                    : model.size() - 1 - random.nextInt(Math.min(NEWEST, model.size())));
    if (what < 8) {
      put(id, ended(model.get(id)));
    } else if (what == 8) {
      put(id, state(now + random.nextInt(400)));
    } else {
      index.remove(id, model.remove(id));
      states.delete(id);
    }
  }

  private void put(String id, RequestState state) {
    // Records are known by their keys, whatever is written in them.
    RequestState after = RequestState.newBuilder(state).setRequestId("zz" + id).build();
    Optional<RequestState> before = states.get(id);
    assertThat(before).isEqualTo(Optional.ofNullable(model.get(id)));
    states.put(id, after);
    index.replace(id, before, after);
    model.put(id, after);
  }

  private SortedSet<String> keys() {
    SortedSet<String> keys = new TreeSet<>();
    model.forEach(
        (id, state) -> {
          if (state.getTerminal().isEmpty()) {
            long at = state.getRequest().orElseThrow().getExpiresAt().toEpochMilli();
            keys.add(OpenKey.of(at, id));
          }
        });
    return keys;
  }

  private List<String> expected(long before) {
    return keys().stream()
        .filter(key -> OpenKey.expiresAtMillis(key) < before)
        .limit(MOST)
        .map(OpenKey::id)
        .toList();
  }

  @Test
  void whatEndsWhileItIsNewIsNeverWritten() {
    for (int each = 0; each < 100; each++) {
      String id = "r%06d".formatted(each);
      put(id, state(5_000));
      put(id, ended(model.get(id)));
      index.mark(states.floor());
    }
    assertThat(written()).isEmpty();
    put("r000000", state(5_000));
    assertThat(written()).containsExactly(OpenKey.of(5_000, "r000000"));
  }

  private List<String> written() {
    List<String> keys = new ArrayList<>();
    index.forEachKept((expiresAt, id) -> keys.add(OpenKey.of(expiresAt, id)));
    return keys;
  }

  @Test
  void doesNotAskTheStoreBeforeAnythingCanHaveExpired() {
    put("a", state(500));
    open();
    assertThat(index.expiringBefore(400, MOST)).isEmpty();
    // Behind its back, so that it shows whether it asks.
    openStore.delete(OpenKey.of(500, "a"));
    openStore.put(OpenKey.of(100, "b"), new byte[0]);
    assertThat(index.expiringBefore(500, MOST)).isEmpty();
    assertThat(index.expiringBefore(501, MOST)).containsExactly("b");
  }

  @Test
  void aKeySortsByItsExpiry() {
    assertThat(OpenKey.of(9, "z")).isLessThan(OpenKey.of(10, "a"));
    assertThat(OpenKey.id(OpenKey.of(1_700_000_000_000L, "a:b"))).isEqualTo("a:b");
  }

  private static final class Nothing implements Processor<String, String, String, String> {
    @Override
    public void process(Record<String, String> record) {
      // The test writes to the stores by itself.
    }
  }

  /** Stores as the topology has them, but in memory. */
  @BeforeEach
  void start() {
    registry = EmbeddedRegistry.start(0);
    KafkaSettings kafka = KafkaSettings.of("localhost:1", registry.url());
    Serde<RequestState> serde = kafka.serde();
    driver =
        new TopologyTestDriver(
            new Topology()
                .addSource("source", new StringDeserializer(), new StringDeserializer(), "topic")
                .addProcessor("processor", Nothing::new, "source")
                .addStateStore(
                    Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore("states"), Serdes.String(), serde),
                    "processor")
                .addStateStore(
                    Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore("open"), Serdes.String(), Serdes.ByteArray()),
                    "processor"),
            kafka.streams(
                Map.of(StreamsConfig.APPLICATION_ID_CONFIG, Topics.requestStateApplication())));
    stateStore = driver.getKeyValueStore("states");
    openStore = driver.getKeyValueStore("open");
    open();
  }

  @AfterEach
  void stop() {
    driver.close();
    registry.close();
  }

  /** As a processor does when it gets the partition. */
  private void open() {
    states = new StateTable(stateStore, NEWEST, (id, state) -> index.aged(id, state));
    index = new OpenIndex(openStore, states::isNew);
    index.takeUp(states);
  }

  private static RequestState state(long expiresAt) {
    return RequestState.newBuilder()
        .setRequestId("")
        .setSource("east")
        .setPool("llama")
        .setRequestClass(RequestClass.STANDARD)
        .setTenant("tenant")
        .setModel("model")
        .setRequest(
            AcceptedRequest.newBuilder()
                .setReply(new ReplyAddress("replies", 0, 0L))
                .setPath("/v1/completions")
                .setStream(false)
                .setEnqueuedAt(Instant.EPOCH)
                .setBodyBytes(1)
                .setPromptTokens(1)
                .setOutputTokens(1)
                .setExpiresAt(Instant.ofEpochMilli(expiresAt))
                .build())
        .setPartition(0)
        .setClaims(List.of())
        .setClosedAttempts(List.of())
        .setSteps(List.of())
        .setAttempts(0)
        .setContested(false)
        .setHiddenTerminals(0)
        .setOffset(0)
        .build();
  }

  private static RequestState ended(RequestState state) {
    return RequestState.newBuilder(state)
        .setTerminal(
            LifecycleEvent.newBuilder()
                .setRequestId(state.getRequestId())
                .setType(LifecycleType.SUCCEEDED)
                .setAt(Instant.EPOCH)
                .setMember("member")
                .setSource("east")
                .setPool("llama")
                .setRequestClass(RequestClass.STANDARD)
                .setTenant("tenant")
                .setModel("model")
                .build())
        .build();
  }
}
