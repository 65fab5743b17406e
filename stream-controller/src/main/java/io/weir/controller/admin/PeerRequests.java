package io.weir.controller.admin;

import io.weir.routing.config.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks other controllers for requests that are theirs. */
final class PeerRequests implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PeerRequests.class);
  private static final Duration CONNECT = Duration.ofMillis(500);
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final int MOST_AT_ONCE = 64;

  private final Optional<Secret> key;
  private final HttpClient client;
  private final Semaphore room = new Semaphore(MOST_AT_ONCE);

  /**
   * @param key the same for all controllers
   */
  PeerRequests(Optional<Secret> key) {
    this.key = key;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(
                Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("weir-peer-", 0).factory()))
            .build();
  }

  /**
   * The first answer that says something of the request.
   *
   * @param hosts {@code host:port}, in this order
   */
  Optional<HttpResponse<byte[]>> ask(List<String> hosts, String id) {
    if (!room.tryAcquire()) {
      return Optional.empty();
    }
    try {
      for (String host : hosts) {
        Optional<HttpResponse<byte[]>> answer = ask(host, id);
        if (answer.filter(each -> each.statusCode() < 500).isPresent()) {
          return answer;
        }
      }
      return Optional.empty();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      room.release();
    }
  }

  private Optional<HttpResponse<byte[]>> ask(String host, String id) throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + host + "/internal/requests/" + id))
            .header(RequestPages.FORWARDED, "1")
            .timeout(TIMEOUT);
    key.ifPresent(secret -> request.header("Authorization", "Bearer " + secret.value()));
    try {
      return Optional.of(client.send(request.build(), BodyHandlers.ofByteArray()));
    } catch (IOException away) {
      LOG.debug("controller_does_not_answer host={} request_id={}", host, id, away);
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
