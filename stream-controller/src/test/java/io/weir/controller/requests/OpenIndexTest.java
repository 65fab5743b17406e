package io.weir.controller.requests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a sorted set that is always asked. */
class OpenIndexTest {
  private static final int MOST = 5;

  private Optional<TopologyTestDriver> driver = Optional.empty();

  @Test
  void findsWhatHasExpiredAndNothingElse() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    OpenIndex index = new OpenIndex(store());
    TreeSet<String> model = new TreeSet<>();
    long now = 1_000;
    for (int step = 0; step < 5_000; step++) {
      long expiry = now + random.nextInt(-50, 400);
      String id = "r" + step;
      if (random.nextInt(3) > 0) {
        index.add(expiry, id);
        model.add(OpenKey.of(expiry, id));
      } else if (!model.isEmpty()) {
        String gone = random.nextBoolean() ? model.first() : model.last();
        index.remove(OpenKey.expiresAtMillis(gone), OpenKey.id(gone));
        model.remove(gone);
      }
      now += random.nextInt(20);
      long before = now;
      List<String> expected =
          model.stream()
              .filter(key -> OpenKey.expiresAtMillis(key) < before)
              .limit(MOST)
              .map(OpenKey::id)
              .toList();
      assertThat(index.expiringBefore(now, MOST)).isEqualTo(expected);
    }
    List<String> all = new ArrayList<>();
    index.forEach((expiresAt, id) -> all.add(OpenKey.of(expiresAt, id)));
    assertThat(all).containsExactlyElementsOf(model);
  }

  @Test
  void doesNotAskTheStoreBeforeAnythingCanHaveExpired() {
    KeyValueStore<String, byte[]> store = store();
    OpenIndex index = new OpenIndex(store);
    index.add(500, "a");
    assertThat(index.expiringBefore(400, MOST)).isEmpty();
    // Behind its back, so that it shows whether it asks.
    store.delete(OpenKey.of(500, "a"));
    store.put(OpenKey.of(100, "b"), new byte[0]);
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
      // The test writes to the store by itself.
    }
  }

  /** A store as the topology has it, but in memory. */
  private KeyValueStore<String, byte[]> store() {
    Topology topology =
        new Topology()
            .addSource("source", new StringDeserializer(), new StringDeserializer(), "topic")
            .addProcessor("processor", Nothing::new, "source")
            .addStateStore(
                Stores.keyValueStoreBuilder(
                    Stores.inMemoryKeyValueStore("open"), Serdes.String(), Serdes.ByteArray()),
                "processor");
    driver = Optional.of(new TopologyTestDriver(topology));
    return driver.get().getKeyValueStore("open");
  }

  @AfterEach
  void close() {
    driver.ifPresent(TopologyTestDriver::close);
  }
}
