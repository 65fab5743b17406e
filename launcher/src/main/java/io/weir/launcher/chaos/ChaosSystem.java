package io.weir.launcher.chaos;

import io.weir.schemas.KafkaSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The running system. Closing it ends every process at once. */
final class ChaosSystem implements AutoCloseable {
  private final Map<String, RoleProcess> processes = new ConcurrentHashMap<>();
  private final SystemLayout layout;
  private final Path folder;
  private final Progress progress;
  private volatile boolean closed;

  /**
   * @param folder of data, configurations and logs; stays when it is closed
   */
  ChaosSystem(Path folder, Progress progress) {
    this.folder = folder;
    this.layout = new SystemLayout(folder);
    this.progress = progress;
  }

  /**
   * Starts every process; returns when all are ready.
   *
   * @throws ChaosException if one does not start, with what it said
   */
  void start() throws IOException, InterruptedException {
    run("three brokers, registry, four engines", layout.foundation());
    run("first controller", List.of(layout.firstController()));
    run("second controller, dispatchers, ingresses, weights job", layout.others());
  }

  private void run(String what, List<RoleSpec> specs) throws InterruptedException {
    List<RoleProcess> started = specs.stream().map(this::launch).toList();
    for (RoleProcess process : started) {
      process.awaitReady();
    }
    progress.say("ready: " + what);
  }

  private synchronized RoleProcess launch(RoleSpec spec) {
    if (closed) {
      throw new ChaosException("The run was stopped.");
    }
    RoleProcess process = new RoleProcess(spec, folder);
    processes.put(spec.name(), process);
    process.start();
    return process;
  }

  /** Brings a process back that has ended; returns when it is ready. */
  void startAgain(RoleProcess process) throws InterruptedException {
    synchronized (this) {
      if (closed) {
        throw new ChaosException("The run was stopped.");
      }
      process.start();
    }
    process.awaitReady();
  }

  RoleProcess process(String name) {
    RoleProcess process = processes.get(name);
    if (process == null) {
      throw new ChaosException(
          "No process is named " + name + "; there are " + new TreeMap<>(processes).keySet());
    }
    return process;
  }

  /** Processes that have ended by themselves. */
  List<String> dead() {
    return new TreeMap<>(processes)
        .values().stream().filter(process -> !process.isAlive()).map(RoleProcess::name).toList();
  }

  KafkaSettings kafka() {
    return layout.kafka();
  }

  List<URI> ingresses() {
    return layout.ingressAddresses();
  }

  List<URI> controllers() {
    return layout.controllerAddresses();
  }

  @Override
  public synchronized void close() {
    closed = true;
    processes.values().forEach(RoleProcess::close);
  }
}
