package io.weir.ingress.lookup;

import io.micrometer.core.instrument.MeterRegistry;
import io.weir.routing.config.Secret;
import io.weir.schemas.Member;
import io.weir.schemas.Role;
import io.weir.schemas.members.Membership;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the controllers that are alive, one after the other until one can tell. Any of them can tell
 * of any request.
 */
public final class Controllers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Controllers.class);
  private static final long RETRY_MILLIS = 1_000;

  /** Larger than any state: its steps are bounded. */
  private static final int MOST_BYTES = 1 << 20;

  private final Membership membership;
  private final Optional<Secret> key;
  private final Duration timeout;
  private final Semaphore slots;
  private final MeterRegistry metrics;
  private final AtomicInteger turn = new AtomicInteger();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(
          Thread.ofVirtual().name("weir-ingress-lookup-", 0).factory());
  private final HttpClient http;

  /**
   * @param membership who is alive
   * @param key bearer token that the controllers ask for
   * @param timeout for one controller to answer
   * @param most lookups at once
   */
  public Controllers(
      Membership membership,
      Optional<Secret> key,
      Duration timeout,
      int most,
      MeterRegistry metrics) {
    this.membership = membership;
    this.key = key;
    this.timeout = timeout;
    this.slots = new Semaphore(most);
    this.metrics = metrics;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .executor(threads)
            .build();
  }

  /** Asks for a request. */
  public Lookup find(String id) throws InterruptedException {
    if (!slots.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      return counted(new Lookup.Unavailable(RETRY_MILLIS));
    }
    try {
      boolean known = membership.awaitCaughtUp(timeout);
      long retryMillis = RETRY_MILLIS;
      for (String address : known ? addresses() : List.<String>of()) {
        Lookup lookup = ask(address, id);
        if (!(lookup instanceof Lookup.Unavailable(long millis))) {
          return counted(lookup);
        }
        retryMillis = Math.max(retryMillis, millis);
      }
      return counted(new Lookup.Unavailable(retryMillis));
    } finally {
      slots.release();
    }
  }

  private Lookup counted(Lookup lookup) {
    String outcome =
        switch (lookup) {
          case Lookup.Found found -> "found";
          case Lookup.Unknown unknown -> "unknown";
          case Lookup.Expired expired -> "expired";
          case Lookup.Unavailable unavailable -> "unavailable";
        };
    metrics.counter("weir.ingress.lookups", "outcome", outcome).increment();
    return lookup;
  }

  /** Of the controllers alive, beginning with another one every time. */
  private List<String> addresses() {
    List<String> addresses =
        new ArrayList<>(
            membership.current().of(Role.CONTROLLER).stream().map(Member::getAddress).toList());
    if (!addresses.isEmpty()) {
      Collections.rotate(addresses, Math.floorMod(turn.getAndIncrement(), addresses.size()));
    }
    return addresses;
  }

  private Lookup ask(String address, String id) throws InterruptedException {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(address + "/internal/requests/" + id))
              .timeout(timeout)
              .header("accept", "application/json");
      key.ifPresent(secret -> request.header("authorization", "Bearer " + secret.value()));
      HttpResponse<InputStream> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        return switch (response.statusCode()) {
          case 200 -> new Lookup.Found(RequestViewJson.read(body.readNBytes(MOST_BYTES)));
          case 404 -> new Lookup.Unknown();
          case 410 -> new Lookup.Expired();
          default -> refused(address, response);
        };
      }
    } catch (IOException | IllegalArgumentException e) {
      LOG.debug("lookup_failed controller={} request_id={}", address, id, e);
      return new Lookup.Unavailable(RETRY_MILLIS);
    }
  }

  private static Lookup refused(String address, HttpResponse<InputStream> response) {
    if (response.statusCode() != 503) {
      LOG.warn(
          "lookup_refused controller={} status={}; is ingress.controller-key right?",
          address,
          response.statusCode());
    }
    return new Lookup.Unavailable(
        response
            .headers()
            .firstValue("retry-after")
            .filter(value -> value.matches("\\d{1,6}"))
            .map(value -> Duration.ofSeconds(Long.parseLong(value)).toMillis())
            .orElse(RETRY_MILLIS));
  }

  @Override
  public void close() {
    http.shutdownNow();
    threads.shutdownNow();
  }
}
