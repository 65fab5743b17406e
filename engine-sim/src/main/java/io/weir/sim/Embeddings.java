package io.weir.sim;

import io.weir.routing.engine.PromptDigest;
import io.weir.routing.engine.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Answers embeddings: every input takes its prefill. */
final class Embeddings {
  private static final int BYTES_PER_DIMENSION = 12;

  private final Optional<EngineLoop> engine;
  private final EngineMetrics metrics;
  private final int defaultDimensions;
  private final int maxModelLen;

  Embeddings(
      Optional<EngineLoop> engine, EngineMetrics metrics, int defaultDimensions, int maxModelLen) {
    this.engine = engine;
    this.metrics = metrics;
    this.defaultDimensions = defaultDimensions;
    this.maxModelLen = maxModelLen;
  }

  void serve(Exchange exchange) {
    Ask ask = exchange.ask();
    int dimensions = ask.dimensions().orElse(defaultDimensions);
    if (dimensions > Embedding.MAX_DIMENSIONS) {
      throw ApiException.badRequest(
          "dimensions", "dimensions must be at most " + Embedding.MAX_DIMENSIONS);
    }
    ask.prompts().forEach(this::checkLength);
    if (engine.isPresent()) {
      compute(exchange, engine.get());
    } else {
      ask.prompts().forEach(prompt -> metrics.instant(prompt.tokens(), 0));
    }
    if (exchange.dieAfter().isPresent()) {
      throw Exchange.broken("fault: die");
    }
    exchange.send(Reply.json(json(ask, dimensions)));
    metrics.finished("stop");
  }

  private void checkLength(PromptDigest prompt) {
    if (prompt.tokens() >= maxModelLen) {
      throw ApiException.badRequest(
          "input",
          "context_length_exceeded",
          "This model's maximum context length is "
              + maxModelLen
              + " tokens. However, you requested "
              + prompt.tokens()
              + " tokens in the input for embedding generation. Please reduce the length of the"
              + " input.");
    }
  }

  private static void compute(Exchange exchange, EngineLoop engine) {
    List<Generation> generations = new ArrayList<>();
    try {
      for (PromptDigest prompt : exchange.ask().prompts()) {
        Work work = new Work(prompt.tokens(), 1, prompt.blockHashes());
        Generation generation = new Generation(work, false, 0, System.nanoTime());
        engine.submit(generation);
        generations.add(generation);
      }
      List<Generation> all = List.copyOf(generations);
      exchange.client().watch(() -> all.forEach(Generation::abort));
      for (Generation generation : all) {
        if (generation.awaitAll() == Generation.ABORTED) {
          throw Exchange.broken("aborted");
        }
      }
    } finally {
      exchange.client().unwatch();
      generations.forEach(engine::cancel);
    }
  }

  private static byte[] json(Ask ask, int dimensions) {
    JsonBuffer json =
        new JsonBuffer(256 + ask.prompts().size() * (64 + BYTES_PER_DIMENSION * dimensions));
    json.raw("{\"object\":\"list\",\"data\":[");
    long tokens = 0;
    for (int i = 0; i < ask.prompts().size(); i++) {
      PromptDigest prompt = ask.prompts().get(i);
      tokens += prompt.tokens();
      json.raw(i == 0 ? "" : ",").raw("{\"object\":\"embedding\",\"index\":").number(i);
      json.raw(",\"embedding\":");
      float[] vector = Embedding.of(prompt.fingerprint(), dimensions);
      if (ask.base64()) {
        Embedding.writeBase64(vector, json);
      } else {
        Embedding.writeNumbers(vector, json);
      }
      json.raw("}");
    }
    json.raw("],\"model\":").quoted(ask.model()).raw(",\"usage\":{\"prompt_tokens\":");
    return json.number(tokens).raw(",\"total_tokens\":").number(tokens).raw("}}").toBytes();
  }
}
