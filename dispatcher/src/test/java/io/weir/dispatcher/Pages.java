package io.weir.dispatcher;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.OptionalDouble;
import org.awaitility.Awaitility;

/** A dispatcher's metrics page. */
final class Pages {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private Pages() {}

  static String text(Dispatcher dispatcher) {
    try {
      return CLIENT
          .send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + dispatcher.port() + "/metrics"))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  /** A metric's sum over those of its lines that have a label of some value. */
  static OptionalDouble value(Dispatcher dispatcher, String metric, String label) {
    double[] values =
        text(dispatcher)
            .lines()
            .filter(line -> line.startsWith(metric) && line.contains('"' + label + '"'))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
            .toArray();
    return values.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(java.util.Arrays.stream(values).sum());
  }

  static void await(Dispatcher dispatcher, String metric, String label, double value) {
    Awaitility.await(metric + " of " + label)
        .atMost(Rig.PATIENCE)
        .until(() -> value(dispatcher, metric, label).equals(OptionalDouble.of(value)));
  }
}
