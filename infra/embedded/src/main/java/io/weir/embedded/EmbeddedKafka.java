package io.weir.embedded;

import io.weir.schemas.KafkaSettings;
import java.nio.file.Path;

/** A broker and a registry on free ports, for tests and trials. */
public final class EmbeddedKafka implements AutoCloseable {
  private final EmbeddedBroker broker;
  private final EmbeddedRegistry registry;

  private EmbeddedKafka(EmbeddedBroker broker, EmbeddedRegistry registry) {
    this.broker = broker;
    this.registry = registry;
  }

  /**
   * Starts both.
   *
   * @param directory of the broker's data: empty, new, or one it has used before
   * @throws EmbeddedBrokerException if the directory cannot be used
   */
  public static EmbeddedKafka start(Path directory) {
    EmbeddedRegistry registry = EmbeddedRegistry.start(0);
    try {
      return new EmbeddedKafka(EmbeddedBroker.start(EmbeddedBrokerConfig.in(directory)), registry);
    } catch (RuntimeException failure) {
      registry.close();
      throw failure;
    }
  }

  /** How clients reach both. */
  public KafkaSettings settings() {
    return KafkaSettings.of(broker.bootstrapServers(), registry.url());
  }

  /** The broker alone. */
  public EmbeddedBroker broker() {
    return broker;
  }

  /** The registry alone. */
  public EmbeddedRegistry registry() {
    return registry;
  }

  @Override
  public void close() {
    try {
      broker.close();
    } finally {
      registry.close();
    }
  }
}
