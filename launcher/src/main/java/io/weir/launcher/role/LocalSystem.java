package io.weir.launcher.role;

import io.weir.controller.Controller;
import io.weir.controller.fleet.FleetWriteException;
import io.weir.dispatcher.Dispatcher;
import io.weir.ingress.Ingress;
import io.weir.launcher.config.WeirConfig;
import io.weir.routing.fleet.Fleet;
import io.weir.schemas.KafkaSettings;
import io.weir.sim.Timing;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** All roles in one process. */
public final class LocalSystem implements AutoCloseable {
  private final Shutdown shutdown;
  private final Infrastructure infrastructure;
  private final SimulatedEngines engines;
  private final Ports ports;
  private final Fleet fleet;
  private final Map<String, URI> ingresses;
  private final Map<String, URI> dispatchers;
  private final Controller controller;
  private final Optional<WeightsJob> weightsJob;

  private LocalSystem(
      Shutdown shutdown,
      Infrastructure infrastructure,
      SimulatedEngines engines,
      Ports ports,
      Fleet fleet,
      Map<String, URI> ingresses,
      Map<String, URI> dispatchers,
      Controller controller,
      Optional<WeightsJob> weightsJob) {
    this.shutdown = shutdown;
    this.infrastructure = infrastructure;
    this.engines = engines;
    this.ports = ports;
    this.fleet = fleet;
    this.ingresses = ingresses;
    this.dispatchers = dispatchers;
    this.controller = controller;
    this.weightsJob = weightsJob;
  }

  /**
   * Starts everything; returns when every source takes requests. What was started is stopped again
   * if something cannot start.
   *
   * @param dataDir where the embedded broker and the controller keep their data
   * @param instant whether simulated engines answer at once
   * @throws RuntimeException with a sentence that says what could not start and what to do
   */
  public static LocalSystem start(
      WeirConfig config, Ports ports, Path dataDir, Optional<Timing> instant, Stages stages) {
    requirePorts(config, ports);
    Shutdown shutdown = new Shutdown();
    try {
      // The broker takes longest, so engines start beside it.
      List<AutoCloseable> base =
          Together.call(
              List.<Callable<AutoCloseable>>of(
                  () -> Infrastructure.start(config, ports, dataDir, stages),
                  () -> engines(config, ports, instant, stages)));
      Infrastructure infrastructure = (Infrastructure) base.get(0);
      SimulatedEngines engines = (SimulatedEngines) base.get(1);
      shutdown.add("broker and registry", infrastructure);
      shutdown.add("engines", engines);
      KafkaSettings kafka = infrastructure.settings();
      stages.done("topics", KafkaPreparation.prepare(config, kafka));

      Fleet fleet = engines.locate(ports.fleet(config));
      Controller controller =
          uninterrupted(
              () -> Roles.controller(config, fleet, ports.controller(config), kafka, dataDir));
      shutdown.add("controller", controller);
      stages.done("controller", controller.uri().toString());
      List<Dispatcher> dispatchers =
          Together.call(
              forEachSource(
                  config,
                  i -> Roles.dispatcher(config, fleet, i, ports.dispatcher(config, i), kafka)));
      shutdown.addAll("dispatchers", dispatchers);
      Map<String, URI> pages = uris(config, i -> uri(config, dispatchers.get(i)));
      stages.done("dispatchers", listed(pages));

      List<Ingress> ingresses =
          Together.call(
              forEachSource(
                  config, i -> Roles.ingress(config, fleet, i, ports.ingress(config, i), kafka)));
      List<AutoCloseable> last = new ArrayList<>(ingresses);
      Map<String, URI> uris = uris(config, i -> ingresses.get(i).uri());
      stages.done("ingresses", listed(uris));
      // Flink wants both processors for seconds, and nobody has to wait for it.
      Optional<WeightsJob> weightsJob = weightsJob(config, kafka, dataDir, stages);
      weightsJob.ifPresent(last::add);
      shutdown.addAll("ingresses and weights job", last);
      return new LocalSystem(
          shutdown, infrastructure, engines, ports, fleet, uris, pages, controller, weightsJob);
    } catch (RuntimeException e) {
      shutdown.close();
      throw e;
    }
  }

  /** Where each source's clients go, in the order of the sources. */
  public Map<String, URI> ingresses() {
    return ingresses;
  }

  /** Where each source's dispatcher has its health and metrics pages. */
  public Map<String, URI> dispatchers() {
    return dispatchers;
  }

  /** The fleet with the addresses that engines really have. */
  public Fleet fleet() {
    return fleet;
  }

  /** The engines that run in this process. */
  public SimulatedEngines engines() {
    return engines;
  }

  /** The controller, whose admin API drains engines. */
  public Controller controller() {
    return controller;
  }

  /** The job that plans weights; empty where every pool's weights are static. */
  public Optional<WeightsJob> weightsJob() {
    return weightsJob;
  }

  /**
   * Takes up engines and distances of a changed configuration.
   *
   * @throws RuntimeException with a sentence if they cannot be used
   * @throws FleetWriteException if Kafka does not take them now; doing it again completes it
   */
  public void apply(WeirConfig config) throws FleetWriteException, InterruptedException {
    controller.apply(engines.locate(ports.fleet(config)));
  }

  /** How to reach its Kafka. */
  public KafkaSettings kafka() {
    return infrastructure.settings();
  }

  /** Calls back if the embedded broker fails, which nothing here can mend. */
  public void onFailure(Consumer<Throwable> action) {
    infrastructure.onFailure(action);
  }

  /**
   * Stops in the order in which roles need each other: ingresses finish what their clients wait
   * for, then dispatchers, engines, registry and broker.
   */
  @Override
  public void close() {
    shutdown.close();
  }

  private static SimulatedEngines engines(
      WeirConfig config, Ports ports, Optional<Timing> instant, Stages stages) {
    SimulatedEngines engines = SimulatedEngines.start(config, ports, Optional.empty(), instant);
    if (!engines.servers().isEmpty()) {
      stages.done("engines", engines.servers().size() + " simulated");
    }
    return engines;
  }

  private static Optional<WeightsJob> weightsJob(
      WeirConfig config, KafkaSettings kafka, Path dataDir, Stages stages) {
    if (!WeightsJob.isNeeded(config)) {
      return Optional.empty();
    }
    return Optional.of(
        WeightsJob.start(
            config,
            kafka,
            dataDir.resolve("flink"),
            problem ->
                stages.done(
                    "weights",
                    problem.map(why -> "not planned: " + why).orElse("planned by Flink"))));
  }

  private static <T> T uninterrupted(Callable<T> start) {
    return Together.call(List.of(start)).getFirst();
  }

  private static void requirePorts(WeirConfig config, Ports ports) {
    Ports.requireFree("the controller", config.controller().host(), ports.controller(config));
    for (int i = 0; i < config.sources().size(); i++) {
      String source = config.sources().get(i).name();
      Ports.requireFree(
          "the ingress of " + source, config.ingress().host(), ports.ingress(config, i));
      Ports.requireFree(
          "the dispatcher of " + source, config.dispatcher().host(), ports.dispatcher(config, i));
    }
  }

  private static <T> List<Callable<T>> forEachSource(WeirConfig config, RoleStart<T> start) {
    return IntStream.range(0, config.sources().size())
        .<Callable<T>>mapToObj(index -> () -> start.of(index))
        .toList();
  }

  private static Map<String, URI> uris(WeirConfig config, IntFunction<URI> uri) {
    Map<String, URI> uris = new LinkedHashMap<>();
    for (int i = 0; i < config.sources().size(); i++) {
      uris.put(config.sources().get(i).name(), uri.apply(i));
    }
    return uris;
  }

  private static URI uri(WeirConfig config, Dispatcher dispatcher) {
    return URI.create("http://" + config.dispatcher().host() + ":" + dispatcher.port());
  }

  private static String listed(Map<String, URI> uris) {
    return uris.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }

  /** Starts the role of one source. */
  private interface RoleStart<T> {
    T of(int sourceIndex) throws Exception;
  }
}
