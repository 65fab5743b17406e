package io.weir.launcher.chaos;

import io.weir.embedded.EmbeddedBrokerConfig;
import io.weir.embedded.EmbeddedBrokerMain;
import io.weir.embedded.EmbeddedRegistryMain;
import io.weir.embedded.Quorum;
import io.weir.schemas.KafkaSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;

/**
 * The system's processes: three brokers, a registry, four engines, two controllers, two dispatchers
 * and two ingresses of one source, and the weights job. Each has a configuration of its own, which
 * differs in its member's name alone.
 */
final class SystemLayout {
  static final String SOURCE = "home";
  static final String POOL = "sim";

  private static final int BROKERS = 3;
  private static final int ENGINES = 4;
  private static final int PAIR = 2;

  private final Path folder;
  private final List<Integer> brokers;
  private final List<Integer> raft;
  private final List<Integer> engines;
  private final List<Integer> ingresses;
  private final List<Integer> dispatchers;
  private final List<Integer> controllers;
  private final int registry;
  private final String clusterId = Uuid.randomUuid().toString();

  /**
   * @param folder of data, configurations and logs
   */
  SystemLayout(Path folder) {
    this.folder = folder;
    FreePorts free = new FreePorts();
    this.brokers = ports(free, BROKERS);
    this.raft = ports(free, BROKERS);
    this.engines = ports(free, ENGINES);
    this.ingresses = ports(free, PAIR);
    this.dispatchers = ports(free, PAIR);
    this.controllers = ports(free, PAIR);
    this.registry = free.next();
  }

  /** What needs no other process. */
  List<RoleSpec> foundation() throws IOException {
    List<RoleSpec> specs = new ArrayList<>();
    for (int number = 1; number <= BROKERS; number++) {
      specs.add(broker(number));
    }
    specs.add(
        new RoleSpec(
            Role.REGISTRY.label(),
            Role.REGISTRY,
            EmbeddedRegistryMain.class,
            List.of(Integer.toString(registry)),
            "",
            EmbeddedRegistryMain.READY));
    for (int number = 1; number <= ENGINES; number++) {
      String name = Role.ENGINE.instance(number);
      specs.add(command(name, Role.ENGINE, "engine-sim", "--engine", name));
    }
    return specs;
  }

  /** Who makes the topics. */
  RoleSpec firstController() throws IOException {
    return controller(1);
  }

  /** What needs topics. */
  List<RoleSpec> others() throws IOException {
    return List.of(
        controller(2),
        dispatcher(1),
        dispatcher(2),
        ingress(1),
        ingress(2),
        command(Role.WEIGHTS_JOB.label(), Role.WEIGHTS_JOB, "weights-job"));
  }

  /** How clients reach Kafka and the registry. */
  KafkaSettings kafka() {
    return KafkaSettings.of(bootstrap(), registryUrl());
  }

  /** Where clients send requests. */
  List<URI> ingressAddresses() {
    return addresses(ingresses);
  }

  List<URI> controllerAddresses() {
    return addresses(controllers);
  }

  private RoleSpec broker(int number) throws IOException {
    String name = Role.BROKER.instance(number);
    EmbeddedBrokerConfig config =
        EmbeddedBrokerConfig.in(folder.resolve(name).resolve("data"))
            .withPort(brokers.get(number - 1))
            .withQuorum(new Quorum(clusterId, number, raft));
    return new RoleSpec(
        name,
        Role.BROKER,
        EmbeddedBrokerMain.class,
        List.of(),
        EmbeddedBrokerMain.input(config),
        EmbeddedBrokerMain.READY);
  }

  private RoleSpec controller(int number) throws IOException {
    return listening(Role.CONTROLLER, number, controllers, "controller");
  }

  private RoleSpec dispatcher(int number) throws IOException {
    return listening(Role.DISPATCHER, number, dispatchers, "dispatcher");
  }

  private RoleSpec ingress(int number) throws IOException {
    return listening(Role.INGRESS, number, ingresses, "ingress");
  }

  private RoleSpec listening(Role role, int number, List<Integer> ports, String command)
      throws IOException {
    String port = Integer.toString(ports.get(number - 1));
    return command(role.instance(number), role, command, "--port", port);
  }

  private RoleSpec command(String name, Role role, String... words) throws IOException {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("--config");
    all.add(config(name).toString());
    return RoleSpec.command(name, role, all);
  }

  private Path config(String name) throws IOException {
    Path file = folder.resolve(name + ".yaml");
    String engineLines =
        IntStream.range(0, ENGINES)
            .mapToObj(
                index ->
                    "  - {id: %s, url: \"http://127.0.0.1:%d\", pool: %s, max-in-flight: 12}"
                        .formatted(Role.ENGINE.instance(index + 1), engines.get(index), POOL))
            .collect(Collectors.joining("\n"));
    String simulated =
        IntStream.range(0, ENGINES)
            .mapToObj(
                index ->
                    "  %s: {profile: h100-llama-3-8b, speed: 0.25}"
                        .formatted(Role.ENGINE.instance(index + 1)))
            .collect(Collectors.joining("\n"));
    return Files.writeString(
        file,
        """
        kafka:
          bootstrap.servers: %s
          schema.registry.url: %s
        sources:
          - {name: %s, region: local}
        pools:
          - {name: %s, models: [%s]}
        engines:
        %s
        engine-sim:
        %s
        ingress:
          instance-id: %s
          expiry: {priority: 90s, standard: 90s, flex: 90s}
        dispatcher:
          member: %s
        controller:
          instance-id: %s
        """
            .formatted(
                bootstrap(),
                registryUrl(),
                SOURCE,
                POOL,
                POOL,
                engineLines,
                simulated,
                name,
                name,
                name));
  }

  private String bootstrap() {
    return brokers.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
  }

  private String registryUrl() {
    return "http://127.0.0.1:" + registry;
  }

  private static List<URI> addresses(List<Integer> ports) {
    return ports.stream().map(port -> URI.create("http://127.0.0.1:" + port)).toList();
  }

  private static List<Integer> ports(FreePorts free, int count) {
    return IntStream.range(0, count).mapToObj(index -> free.next()).toList();
  }
}
