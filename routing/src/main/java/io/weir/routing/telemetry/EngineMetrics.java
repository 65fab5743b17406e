package io.weir.routing.telemetry;

import io.weir.schemas.MetricsDialect;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Reads any engine's metrics page. */
public final class EngineMetrics {
  private static final Map<MetricsDialect, MetricsMapping> MAPPINGS = mappings();

  private EngineMetrics() {}

  /**
   * What a page says.
   *
   * @param dialect the engine's kind by the names that were found
   * @param reading its numbers
   */
  public record Page(MetricsDialect dialect, EngineReading reading) {}

  /**
   * Reads a page.
   *
   * @param dialect the kind that the engine is said to be; AUTO finds it out by the names
   * @return empty if the page is not one of such an engine
   */
  public static Optional<Page> read(MetricsDialect dialect, Exposition page) {
    return MAPPINGS.entrySet().stream()
        .filter(each -> dialect == MetricsDialect.AUTO || each.getKey() == dialect)
        .filter(each -> each.getValue().recognises(page))
        .findFirst()
        .map(each -> new Page(each.getKey(), each.getValue().read(page)));
  }

  private static Map<MetricsDialect, MetricsMapping> mappings() {
    Map<MetricsDialect, MetricsMapping> mappings = new EnumMap<>(MetricsDialect.class);
    mappings.put(MetricsDialect.VLLM, new VllmMapping());
    mappings.put(MetricsDialect.SGLANG, new SglangMapping());
    mappings.put(MetricsDialect.TRT_LLM, new TrtLlmMapping());
    mappings.put(MetricsDialect.LLAMA_CPP, new LlamaCppMapping());
    mappings.put(MetricsDialect.TGI, new TgiMapping());
    return mappings;
  }
}
