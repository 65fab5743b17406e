package io.weir.controller;

import io.weir.controller.callbacks.CallbacksConfig;
import io.weir.embedded.EmbeddedKafka;
import io.weir.routing.config.Configs;
import io.weir.routing.fleet.Engine;
import io.weir.routing.fleet.Fleet;
import io.weir.routing.fleet.Pool;
import io.weir.routing.fleet.Source;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.SchemaRegistration;
import io.weir.schemas.TopicCatalog;
import io.weir.schemas.TopicCreator;
import io.weir.schemas.TopicFollower;
import io.weir.schemas.TopicFollower.Start;
import io.weir.schemas.TopicLayout;
import io.weir.schemas.members.LeaseTerms;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A broker with topics, controllers, and all that is written. */
final class Rig implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(30);
  static final Source EAST = new Source("east", "aws:us-east-1");
  static final Pool LLAMA = Configs.with(Pool.class, Map.of("name", "llama"));

  private final Path directory;
  private final EmbeddedKafka kafka;
  private final List<AutoCloseable> closing = new ArrayList<>();

  Rig(Path directory) {
    this.directory = directory;
    kafka = EmbeddedKafka.start(directory.resolve("broker"));
    SchemaRegistration.registerAll(kafka.settings());
    try (Admin admin = Admin.create(kafka.settings().admin())) {
      TopicCreator.ensure(
          admin,
          new TopicCatalog(TopicLayout.defaults()).topics(List.of("east"), List.of("llama")));
    }
  }

  KafkaSettings settings() {
    return kafka.settings();
  }

  static Fleet fleet(Engine... engines) {
    return new Fleet(List.of(EAST), List.of(LLAMA), List.of(engines));
  }

  static Engine engine(String id, URI url) {
    return engine(id, url, Map.of());
  }

  static Engine engine(String id, URI url, Map<String, String> more) {
    Map<String, String> values = new HashMap<>(more);
    values.put("id", id);
    values.put("url", url.toString());
    values.put("pool", "llama");
    values.putIfAbsent("region", "aws:eu-west-1");
    return Configs.with(Engine.class, values);
  }

  /** A controller whose stores are in a directory of its own. */
  static ControllerConfig config(String instance) {
    return config(instance, Map.of());
  }

  static ControllerConfig config(String instance, Map<String, String> more) {
    Map<String, String> values = new HashMap<>(more);
    values.put("port", "0");
    values.put("instance-id", instance);
    return Configs.with(ControllerConfig.class, values).withStateIn(Directories.fresh());
  }

  /** One without engines, whose stores are where it left them. */
  Controller controller(String instance, LeaseTerms terms) throws InterruptedException {
    return controller(instance, terms, Configs.defaults(CallbacksConfig.class));
  }

  Controller controller(String instance, LeaseTerms terms, CallbacksConfig callbacks)
      throws InterruptedException {
    ControllerConfig plain = config(instance);
    ControllerConfig config =
        new ControllerConfig(
            plain.host(),
            plain.port(),
            plain.instanceId(),
            plain.apiKey(),
            plain.allowedHosts(),
            plain.telemetry(),
            plain.advertisedHost(),
            Configs.defaults(RequestsConfig.class).orIn(directory.resolve("state")),
            callbacks,
            plain.batches());
    return closing(Controller.start(config, fleet(), settings(), terms));
  }

  Controller controller(String instance, Fleet fleet) throws InterruptedException {
    return closing(Controller.start(config(instance), fleet, settings()));
  }

  /** Closed before the broker. */
  <C extends AutoCloseable> C closing(C part) {
    closing.addFirst(part);
    return part;
  }

  /** Everything that is written to a topic, from its beginning. */
  List<ConsumerRecord<String, SpecificRecord>> follow(String topic) {
    List<ConsumerRecord<String, SpecificRecord>> records = new CopyOnWriteArrayList<>();
    closing(
        TopicFollower.start(
            settings(),
            "test-" + topic + closing.size(),
            List.of(topic),
            Start.BEGINNING,
            records::add));
    return records;
  }

  @Override
  public void close() {
    for (AutoCloseable part : closing) {
      try {
        part.close();
      } catch (Exception failure) {
        throw new AssertionError(failure);
      }
    }
    kafka.close();
  }
}
