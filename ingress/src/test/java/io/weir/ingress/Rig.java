package io.weir.ingress;

import io.weir.embedded.EmbeddedKafka;
import io.weir.routing.admission.AdmissionPolicy;
import io.weir.routing.config.Configs;
import io.weir.routing.fleet.Alias;
import io.weir.routing.fleet.Fleet;
import io.weir.routing.fleet.GeographyConfig;
import io.weir.routing.fleet.PickPolicy;
import io.weir.routing.fleet.Pool;
import io.weir.routing.fleet.Source;
import io.weir.schemas.PoolLoad;
import io.weir.schemas.RequestClass;
import io.weir.schemas.Role;
import io.weir.schemas.SchemaRegistration;
import io.weir.schemas.TopicCatalog;
import io.weir.schemas.TopicCreator;
import io.weir.schemas.TopicLayout;
import io.weir.schemas.Topics;
import io.weir.schemas.members.Heartbeats;
import io.weir.schemas.members.Identity;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;

/** A broker with topics, a fake dispatcher, and the means to start ingresses. */
final class Rig implements AutoCloseable {
  static final Source SOURCE = new Source("here", "local");
  static final Pool POOL =
      new Pool("llama", List.of("llama", "meta-llama/Llama-3"), PickPolicy.RANDOM);
  static final Pool CANARY = new Pool("llama-next", List.of(), PickPolicy.RANDOM);
  static final Alias ALIAS = new Alias("chat", Map.of(POOL.name(), 0.8, CANARY.name(), 0.2));
  static final Fleet FLEET =
      new Fleet(
          List.of(SOURCE),
          List.of(POOL, CANARY),
          List.of(),
          List.of(ALIAS),
          Configs.defaults(GeographyConfig.class));

  final EmbeddedKafka kafka;
  final FakeDispatcher dispatcher;

  /** What the dispatcher's heartbeats say of its pools. */
  volatile List<PoolLoad> loads = FLEET.pools().stream().map(pool -> idle(pool.name())).toList();

  private final Heartbeats heartbeats;

  Rig(Path directory) {
    kafka = EmbeddedKafka.start(directory);
    SchemaRegistration.registerAll(kafka.settings());
    try (Admin admin = Admin.create(kafka.settings().admin())) {
      TopicCreator.ensure(
          admin,
          new TopicCatalog(TopicLayout.defaults())
              .topics(List.of(SOURCE.name()), List.of(POOL.name(), CANARY.name())));
    }
    dispatcher =
        new FakeDispatcher(
            kafka.settings(),
            FLEET.pools().stream()
                .flatMap(
                    pool ->
                        Arrays.stream(RequestClass.values())
                            .map(each -> Topics.requests(SOURCE.name(), pool.name(), each)))
                .toList());
    heartbeats =
        Heartbeats.start(
            new Identity(
                "dispatcher-1", Role.DISPATCHER, Optional.of(SOURCE.name()), "http://nowhere"),
            kafka.settings(),
            () -> loads);
  }

  /** Of a pool where nothing waits, and that is fast. */
  static PoolLoad idle(String pool) {
    return new PoolLoad(pool, 0, List.of(), 1e9, 0, 0, List.of(), List.of());
  }

  Ingress ingress() throws InterruptedException {
    return ingress(config(List.of(), Map.of(), Map.of()));
  }

  Ingress ingress(IngressConfig config) throws InterruptedException {
    return Ingress.start(config, FLEET, SOURCE, kafka.settings());
  }

  static IngressConfig config(
      List<ApiKey> keys, Map<String, String> limits, Map<String, String> timeouts) {
    return new IngressConfig(
        "127.0.0.1",
        0,
        Optional.empty(),
        keys,
        Configs.defaults(AdmissionPolicy.class),
        Configs.with(IngressLimits.class, limits),
        Configs.with(IngressTimeouts.class, timeouts),
        Configs.defaults(RequestExpiry.class),
        Optional.empty(),
        new CallbackHosts(List.of("hooks.example.com")));
  }

  @Override
  public void close() {
    heartbeats.close();
    dispatcher.close();
    kafka.close();
  }
}
