package io.weir.launcher.role;

import io.weir.controller.Controller;
import io.weir.dispatcher.Dispatcher;
import io.weir.flink.EmbeddedWeightsJob;
import io.weir.ingress.Ingress;
import io.weir.launcher.config.WeirConfig;
import io.weir.routing.fleet.Fleet;
import io.weir.schemas.KafkaSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Starts roles. */
public final class Roles {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long POLL_MILLIS = 5;

  private Roles() {}

  /** The ingress of a source. Topics and schemas must exist. */
  static Ingress ingress(
      WeirConfig config, Fleet fleet, int sourceIndex, int port, KafkaSettings kafka)
      throws InterruptedException {
    return Ingress.start(
        config.ingress().withPort(port).withControllerKey(config.controller().apiKey()),
        fleet,
        config.sources().get(sourceIndex).source(),
        kafka);
  }

  /** The dispatcher of a source, once it has its lanes. Topics and schemas must exist. */
  static Dispatcher dispatcher(
      WeirConfig config, Fleet fleet, int sourceIndex, int port, KafkaSettings kafka)
      throws InterruptedException {
    Dispatcher dispatcher =
        Dispatcher.start(
            config.dispatcher().withPort(port),
            fleet,
            config.sources().get(sourceIndex).source(),
            kafka);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!dispatcher.isReady()) {
      if (System.nanoTime() > deadline) {
        dispatcher.close();
        throw new LaunchException(
            "The dispatcher of "
                + config.sources().get(sourceIndex).name()
                + " was given no lanes within "
                + PATIENCE.toSeconds()
                + " s. Look for group coordinator errors in the log.");
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    return dispatcher;
  }

  /**
   * An ingress alone, with its topics and schemas made sure of.
   *
   * @param fleet with the addresses that engines really have
   * @throws RuntimeException with a sentence if it cannot start
   */
  public static Ingress ingressAlone(
      WeirConfig config, Fleet fleet, int sourceIndex, int port, KafkaSettings kafka)
      throws InterruptedException {
    Ports.requireFree("the ingress", config.ingress().host(), port);
    KafkaPreparation.prepare(config, kafka);
    return ingress(config, fleet, sourceIndex, port, kafka);
  }

  /**
   * A dispatcher alone, with its topics and schemas made sure of.
   *
   * @param fleet with the addresses that engines really have
   * @throws RuntimeException with a sentence if it cannot start
   */
  public static Dispatcher dispatcherAlone(
      WeirConfig config, Fleet fleet, int sourceIndex, int port, KafkaSettings kafka)
      throws InterruptedException {
    Ports.requireFree("the dispatcher", config.dispatcher().host(), port);
    KafkaPreparation.prepare(config, kafka);
    return dispatcher(config, fleet, sourceIndex, port, kafka);
  }

  /**
   * The controller, once it has published the fleet. Topics and schemas must exist.
   *
   * @param dataDir where it keeps its stores, in a folder of its own
   */
  static Controller controller(
      WeirConfig config, Fleet fleet, int port, KafkaSettings kafka, Path dataDir)
      throws InterruptedException {
    return Controller.start(
        config.controller().withPort(port).withStateIn(dataDir.resolve("controller")),
        fleet,
        kafka);
  }

  /**
   * A controller alone, with its topics and schemas made sure of.
   *
   * @param fleet with the addresses that engines really have
   * @param dataDir where it keeps its stores, in a folder of its own
   * @throws RuntimeException with a sentence if it cannot start
   */
  public static Controller controllerAlone(
      WeirConfig config, Fleet fleet, int port, KafkaSettings kafka, Path dataDir)
      throws InterruptedException {
    Ports.requireFree("the controller", config.controller().host(), port);
    KafkaPreparation.prepare(config, kafka);
    return controller(config, fleet, port, kafka, dataDir);
  }

  /**
   * The weights job alone, in a Flink of its own, with its topics and schemas made sure of.
   *
   * @throws RuntimeException with a sentence if it cannot start
   */
  public static EmbeddedWeightsJob weightsJobAlone(WeirConfig config, KafkaSettings kafka) {
    KafkaPreparation.prepare(config, kafka);
    return EmbeddedWeightsJob.start(kafka, WeightsJob.config(config, Optional.empty()));
  }
}
