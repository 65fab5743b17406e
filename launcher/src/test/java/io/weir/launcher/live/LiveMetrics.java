package io.weir.launcher.live;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** What a person would see in the metrics. */
final class LiveMetrics {
  private static final String STALE = "weir_dispatcher_weights_stale";

  private LiveMetrics() {}

  /** True if a dispatcher says that the weights it goes by are stale. */
  static boolean stale(LiveFleet fleet) throws IOException, InterruptedException {
    boolean stale = false;
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (var dispatcher : fleet.system().dispatchers().values()) {
        String metrics =
            http.send(
                    HttpRequest.newBuilder(dispatcher.resolve("/metrics")).build(),
                    HttpResponse.BodyHandlers.ofString())
                .body();
        stale |=
            metrics
                .lines()
                .filter(line -> line.startsWith(STALE))
                .anyMatch(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))) > 0);
      }
    }
    return stale;
  }
}
