package io.weir.ingress;

import io.weir.routing.admission.AdmissionPolicy;
import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;
import io.weir.routing.config.Secret;
import java.util.List;
import java.util.Optional;

/**
 * One ingress.
 *
 * @param host address to listen on; only this machine by default, as there are no keys by default
 * @param port port to listen on, 0 for any that is free
 * @param instanceId its name among all members; random where none is given
 * @param apiKeys who may use it; everyone if there are none
 * @param admission which requests are let in
 * @param limits how much it takes at once
 * @param timeouts how long it waits
 * @param expiry how long a request may take
 * @param controllerKey bearer token that the controllers ask for
 * @param callbacks where results may be posted
 */
public record IngressConfig(
    @Default("127.0.0.1") String host,
    @Default("8080") int port,
    Optional<String> instanceId,
    List<ApiKey> apiKeys,
    AdmissionPolicy admission,
    IngressLimits limits,
    IngressTimeouts timeouts,
    RequestExpiry expiry,
    Optional<Secret> controllerKey,
    CallbackHosts callbacks) {
  public IngressConfig {
    apiKeys = List.copyOf(apiKeys);
    if (port < 0 || port > 65_535) {
      throw new ConfigException("port", "must be 0 to 65535, is " + port);
    }
  }

  /** The same on another port, 0 for any that is free. */
  public IngressConfig withPort(int newPort) {
    return new IngressConfig(
        host,
        newPort,
        instanceId,
        apiKeys,
        admission,
        limits,
        timeouts,
        expiry,
        controllerKey,
        callbacks);
  }

  /** The same with the controllers' key, unless it has one. */
  public IngressConfig withControllerKey(Optional<Secret> key) {
    return new IngressConfig(
        host,
        port,
        instanceId,
        apiKeys,
        admission,
        limits,
        timeouts,
        expiry,
        controllerKey.or(() -> key),
        callbacks);
  }
}
