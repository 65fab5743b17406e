package io.weir.controller.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.routing.config.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads pages of engines, within a time and a size. Safe for any number of threads. */
final class PageReader implements AutoCloseable {
  private final HttpClient client;
  private final int most;

  PageReader(TelemetryConfig config) {
    this.most = config.page().toIntBytes();
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(config.connectTimeout())
            // A redirect could lead anywhere, with the engine's key.
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(
                Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("weir-scrape-io-", 0).factory()))
            .build();
  }

  /** A page, or what stands in its place. */
  record Page(int status, String text) {
    boolean isOk() {
      return status / 100 == 2;
    }

    boolean isServerError() {
      return status / 100 == 5;
    }
  }

  /**
   * Reads a page.
   *
   * @param key sent as bearer token
   * @param time for all of it, from the connection to the last byte
   * @throws HttpTimeoutException if it takes longer
   * @throws IOException if there is no whole answer, or it is too large
   */
  Page get(URI at, Optional<Secret> key, Duration time) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(at).header("Accept", "*/*").GET();
    key.ifPresent(secret -> request.header("Authorization", "Bearer " + secret.value()));
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request.build(), head -> new BoundedBody(most));
    try {
      HttpResponse<byte[]> whole = answer.get(Math.max(1, time.toMillis()), TimeUnit.MILLISECONDS);
      return new Page(whole.statusCode(), new String(whole.body(), UTF_8));
    } catch (TimeoutException late) {
      throw new HttpTimeoutException("no answer in time");
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IOException(String.valueOf(failure.getCause()), failure.getCause());
    } finally {
      // Closes the connection of an answer that is not wanted any more.
      answer.cancel(true);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
