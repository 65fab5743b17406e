package io.weir.launcher.role;

import io.weir.embedded.EmbeddedBroker;
import io.weir.embedded.EmbeddedBrokerConfig;
import io.weir.embedded.EmbeddedRegistry;
import io.weir.launcher.config.WeirConfig;
import io.weir.schemas.KafkaSettings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The broker and the registry, where the configuration names none of its own. */
public final class Infrastructure implements AutoCloseable {
  private static final String BOOTSTRAP = "bootstrap.servers";
  private static final String REGISTRY = "schema.registry.url";
  private static final String SERIALIZER = "value.serializer";

  private final Optional<EmbeddedBroker> broker;
  private final Optional<EmbeddedRegistry> registry;
  private final KafkaSettings settings;

  private Infrastructure(
      Optional<EmbeddedBroker> broker,
      Optional<EmbeddedRegistry> registry,
      KafkaSettings settings) {
    this.broker = broker;
    this.registry = registry;
    this.settings = settings;
  }

  /**
   * Starts what the configuration does not name.
   *
   * @param dataDir where the broker keeps its data, in a folder of its own
   * @throws RuntimeException with a sentence if a port or the folder cannot be used
   */
  public static Infrastructure start(WeirConfig config, Ports ports, Path dataDir, Stages stages) {
    Optional<EmbeddedBroker> broker = Optional.empty();
    Optional<EmbeddedRegistry> registry = Optional.empty();
    try {
      Map<String, String> settings = new HashMap<>(config.kafka());
      if (ownRegistry(config)) {
        Ports.requireFree("the schema registry", "127.0.0.1", ports.registry(config));
        int port = ports.registry(config);
        EmbeddedRegistry started =
            ports.containers(config) == 0
                ? EmbeddedRegistry.start(port)
                : EmbeddedRegistry.startForContainers(port);
        registry = Optional.of(started);
        settings.put(REGISTRY, started.url());
        stages.done("registry", started.url());
      }
      if (config.kafka().isEmpty()) {
        Ports.requireFree("the broker", "127.0.0.1", ports.broker(config));
        EmbeddedBroker started =
            EmbeddedBroker.start(
                EmbeddedBrokerConfig.in(dataDir.resolve("kafka"))
                    .withPort(ports.broker(config))
                    .withContainerPort(ports.containers(config)));
        broker = Optional.of(started);
        settings.put(BOOTSTRAP, started.bootstrapServers());
        String containers =
            started
                .containerBootstrapServers()
                .map(address -> ", for containers " + address)
                .orElse("");
        stages.done("broker", started.bootstrapServers() + containers + ", data in " + dataDir);
      }
      return new Infrastructure(broker, registry, new KafkaSettings(settings));
    } catch (RuntimeException e) {
      close(broker, registry);
      throw e;
    }
  }

  /**
   * The settings of a role alone: the configuration's Kafka, or the broker that {@code weir up} or
   * {@code weir broker} runs on this machine for the same configuration.
   */
  public static KafkaSettings elsewhere(WeirConfig config, Ports ports) {
    Map<String, String> settings = new HashMap<>(config.kafka());
    settings.putIfAbsent(BOOTSTRAP, "127.0.0.1:" + ports.broker(config));
    if (ownRegistry(config)) {
      settings.put(REGISTRY, "http://127.0.0.1:" + ports.registry(config));
    }
    return new KafkaSettings(settings);
  }

  /** How clients reach Kafka and the registry. */
  public KafkaSettings settings() {
    return settings;
  }

  /** Calls back, at most once, if the broker fails while it runs. */
  public void onFailure(Consumer<Throwable> action) {
    broker.ifPresent(running -> running.failure().thenAccept(action));
  }

  @Override
  public void close() {
    close(broker, registry);
  }

  private static boolean ownRegistry(WeirConfig config) {
    return !config.kafka().containsKey(REGISTRY) && !config.kafka().containsKey(SERIALIZER);
  }

  private static void close(Optional<EmbeddedBroker> broker, Optional<EmbeddedRegistry> registry) {
    try {
      registry.ifPresent(EmbeddedRegistry::close);
    } finally {
      broker.ifPresent(EmbeddedBroker::close);
    }
  }
}
