package io.weir.routing.telemetry;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * An engine's load as it tells it in the headers of its answers: ORCA, Open Request Cost
 * Aggregation. vLLM sends it to requests that carry {@value #REQUEST_HEADER}.
 *
 * @param values every number by its flat name, such as {@code cpu_utilization} or {@code
 *     named_metrics.kv_cache_usage_perc}; finite
 * @see <a
 *     href="https://github.com/cncf/xds/blob/main/xds/data/orca/v3/orca_load_report.proto">OrcaLoadReport</a>
 * @see <a href="https://github.com/envoyproxy/envoy/issues/6614">The headers' formats</a>
 * @see <a href="https://docs.vllm.ai/en/stable/api/vllm/entrypoints/openai/orca_metrics/">vLLM's
 *     metrics in them</a>
 */
public record OrcaReport(Map<String, Double> values) {
  /** Asks for a report; its value is the format, {@code TEXT} or {@code JSON}. */
  public static final String REQUEST_HEADER = "endpoint-load-metrics-format";

  /** Carries a report that begins with the name of its format. */
  public static final String HEADER = "endpoint-load-metrics";

  /** Carries a report in the binary format. */
  public static final String BINARY_HEADER = "endpoint-load-metrics-bin";

  private static final int LONGEST = 8_192;
  private static final String NAMED = "named_metrics.";

  public OrcaReport {
    values = Map.copyOf(values);
  }

  /**
   * Reads the value of {@value #HEADER}: {@code TEXT}, {@code JSON} or {@code BIN}, a space, and
   * the report.
   *
   * @return empty if it is of no such form, says nothing, or is beyond all measure
   */
  public static Optional<OrcaReport> parse(String header) {
    if (header.length() > LONGEST) {
      return Optional.empty();
    }
    String value = header.strip();
    int space = value.indexOf(' ');
    String format = space < 0 ? "" : value.substring(0, space);
    String report = value.substring(space + 1).strip();
    return switch (format) {
      case "TEXT" -> ofValues(OrcaText.parse(report));
      case "JSON" -> ofValues(OrcaJson.parse(report));
      case "BIN" -> parseBinary(report);
      default -> Optional.empty();
    };
  }

  /** Reads the value of {@value #BINARY_HEADER}: a protocol buffer in base 64. */
  public static Optional<OrcaReport> parseBinary(String header) {
    return header.length() > LONGEST
        ? Optional.empty()
        : ofValues(OrcaBinary.parse(header.strip()));
  }

  private static Optional<OrcaReport> ofValues(Map<String, Double> values) {
    values.values().removeIf(value -> !Double.isFinite(value));
    return values.isEmpty() ? Optional.empty() : Optional.of(new OrcaReport(values));
  }

  /** Requests being worked on. */
  public OptionalInt running() {
    return Signals.count(named("num_requests_running"));
  }

  /** Requests in the engine's own queue. */
  public OptionalInt waiting() {
    return Signals.count(named("num_requests_waiting"));
  }

  /** Part of the KV cache in use, 0 to 1. */
  public OptionalDouble kvUsage() {
    return Signals.part(
        named("kv_cache_usage_perc", "kv_cache_utilization", "gpu_cache_usage_perc"));
  }

  private OptionalDouble named(String... names) {
    for (String name : names) {
      Double value = values.get(NAMED + name);
      if (value != null) {
        return OptionalDouble.of(value);
      }
    }
    return OptionalDouble.empty();
  }
}
