package io.weir.controller;

import io.weir.controller.batches.BatchesConfig;
import io.weir.controller.callbacks.CallbacksConfig;
import io.weir.controller.telemetry.TelemetryConfig;
import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;
import io.weir.routing.config.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One controller.
 *
 * @param host address of the admin API; only this machine by default
 * @param port its port, 0 for any that is free
 * @param instanceId its name among all members; random where none is given
 * @param apiKey bearer token that the admin API asks for; none by default, as only this machine
 *     reaches it
 * @param allowedHosts names, without port, under which browsers and proxies may reach the admin
 *     API, beside {@code localhost}, addresses and {@code host}
 * @param telemetry how engines are asked for their metrics
 * @param advertisedHost name or address under which other members reach it; {@code host} where none
 *     is given
 * @param requests the state of requests, and what becomes of those whose dispatcher died
 * @param callbacks posting results to clients' URLs
 * @param batches OpenAI's batch jobs
 */
public record ControllerConfig(
    @Default("127.0.0.1") String host,
    @Default("8090") int port,
    Optional<String> instanceId,
    Optional<Secret> apiKey,
    List<String> allowedHosts,
    TelemetryConfig telemetry,
    Optional<String> advertisedHost,
    RequestsConfig requests,
    CallbacksConfig callbacks,
    BatchesConfig batches) {
  public ControllerConfig {
    allowedHosts = List.copyOf(allowedHosts);
    if (port < 0 || port > 65_535) {
      throw new ConfigException("port", "must be 0 to 65535, is " + port);
    }
    if (apiKey.isPresent() && apiKey.get().value().isBlank()) {
      throw new ConfigException("api-key", "must not be blank; leave it out for none");
    }
  }

  /** The same on another port, 0 for any that is free. */
  public ControllerConfig withPort(int newPort) {
    return new ControllerConfig(
        host,
        newPort,
        instanceId,
        apiKey,
        allowedHosts,
        telemetry,
        advertisedHost,
        requests,
        callbacks,
        batches);
  }

  /** The same with its stores below this directory, unless the configuration names one. */
  public ControllerConfig withStateIn(Path directory) {
    return new ControllerConfig(
        host,
        port,
        instanceId,
        apiKey,
        allowedHosts,
        telemetry,
        advertisedHost,
        requests.orIn(directory),
        callbacks,
        batches);
  }
}
