package io.weir.ingress;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;
import java.time.Duration;
import java.util.Map;

/**
 * How long an ingress waits.
 *
 * @param produce for the brokers to take a request, before the client gets 503
 * @param idle for another request on an open connection
 * @param headers for the rest of a request's headers
 * @param body for the rest of a request's body
 * @param write for a client to take up to 64 KiB of its answer
 * @param comment between comments to a stream that is still queued
 * @param gap between two chunks of an answer, should nobody else notice that it stopped
 * @param grace after a request's expiry, for whoever runs it to say so
 * @param drain for running requests at shutdown
 * @param start for Kafka to be reached at start
 * @param resume how long a request runs on whose client left and may come back, if the client did
 *     not say
 * @param lookup for a controller to say what it knows of a request
 */
public record IngressTimeouts(
    @Default("1800ms") Duration produce,
    @Default("75s") Duration idle,
    @Default("10s") Duration headers,
    @Default("30s") Duration body,
    @Default("60s") Duration write,
    @Default("5s") Duration comment,
    @Default("10m") Duration gap,
    @Default("1s") Duration grace,
    @Default("3s") Duration drain,
    @Default("30s") Duration start,
    @Default("60s") Duration resume,
    @Default("2s") Duration lookup) {
  public IngressTimeouts {
    Map.of(
            "produce", produce, "idle", idle, "headers", headers, "body", body, "write", write,
            "comment", comment, "gap", gap, "start", start, "resume", resume, "lookup", lookup)
        .forEach(
            (key, value) -> {
              if (!value.isPositive()) {
                throw new ConfigException(key, "must be positive, is " + value);
              }
            });
    if (grace.isNegative() || drain.isNegative()) {
      throw new ConfigException(grace.isNegative() ? "grace" : "drain", "must not be negative");
    }
  }
}
