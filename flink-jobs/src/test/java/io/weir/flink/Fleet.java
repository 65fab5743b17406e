package io.weir.flink;

import io.weir.schemas.KafkaSettings;
import io.weir.schemas.RoutingWeights;
import io.weir.schemas.TopicCatalog;
import io.weir.schemas.TopicCreator;
import io.weir.schemas.TopicFollower;
import io.weir.schemas.TopicLayout;
import io.weir.schemas.Topics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * A fleet that exists only in Kafka: one pool, one source, engines that send a sample a second and
 * requests that come at a steady rate. And a reader of the tables that come of it.
 */
final class Fleet implements AutoCloseable {
  private static final long TICK_MILLIS = 100;

  private final KafkaProducer<String, SpecificRecord> producer;
  private final TopicFollower follower;
  private final List<RoutingWeights> tables = new CopyOnWriteArrayList<>();
  private final List<String> up = new CopyOnWriteArrayList<>();
  private final List<String> down = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final AtomicLong ticks = new AtomicLong();
  private volatile double perSecond = 20;
  private double due;
  private Future<?> ticking;

  private Fleet(KafkaSettings kafka) {
    producer = new KafkaProducer<>(kafka.producer(Map.of()));
    follower =
        TopicFollower.start(
            kafka,
            "tables",
            List.of(Topics.weights()),
            TopicFollower.Start.BEGINNING,
            record -> {
              if (record.value() instanceof RoutingWeights table) {
                tables.add(table);
              }
            });
  }

  static Fleet start(KafkaSettings kafka, String... engines) throws Exception {
    try (Admin admin = Admin.create(kafka.admin())) {
      TopicCreator.ensure(
          admin, new TopicCatalog(TopicLayout.defaults()).topics(List.of("eu"), List.of("llama")));
    }
    Fleet fleet = new Fleet(kafka);
    for (String engine : engines) {
      fleet.send(Topics.engines(), engine, Samples.engine(engine, "llama"));
      fleet.up.add(engine);
    }
    fleet.ticking =
        fleet.clock.scheduleAtFixedRate(fleet::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    return fleet;
  }

  private void tick() {
    long tick = ticks.getAndIncrement();
    long now = System.currentTimeMillis();
    if (tick % 10 == 0) {
      up.forEach(engine -> send(Topics.telemetry(), engine, Samples.up(engine, tick, now)));
      down.forEach(engine -> send(Topics.telemetry(), engine, Samples.down(engine, tick, now)));
    }
    for (due += perSecond * TICK_MILLIS / 1_000; due >= 1; due--) {
      String id = "r" + tick + "-" + (int) due;
      send(Topics.lifecycle(), id, Samples.accepted(id, now));
    }
  }

  void send(String topic, String key, SpecificRecord value) {
    Future<RecordMetadata> unused = producer.send(new ProducerRecord<>(topic, key, value));
  }

  void demand(double requestsPerSecond) {
    perSecond = requestsPerSecond;
  }

  /** From now on its samples say that it is down. */
  void kill(String engine) {
    up.remove(engine);
    down.add(engine);
  }

  List<RoutingWeights> tables() {
    return List.copyOf(tables);
  }

  /** Does something with every table there is and will be. */
  RoutingWeights newest() {
    return tables.getLast();
  }

  static double weight(RoutingWeights table, String engine) {
    return table.getEngines().stream()
        .filter(each -> each.getEngine().equals(engine))
        .mapToDouble(each -> each.getWeight())
        .sum();
  }

  @Override
  public void close() {
    ticking.cancel(true);
    clock.shutdownNow();
    follower.close();
    producer.close();
  }
}
