package io.weir.sim;

/**
 * Writes the answer of a chat or a completion. A call of a function has the simulated text as its
 * argument: {@code {"text":"0:…"}}.
 */
final class ChoiceAnswer implements Answer {
  private static final int ENVELOPE_BYTES = 512;
  private static final int TYPICAL_TOKEN_BYTES = 12;
  private static final int TYPICAL_EVENT_BYTES = 128;
  private static final String ARGUMENT_OPENS = "{\\\"text\\\":\\\"";
  private static final String ARGUMENT_CLOSES = "\\\"}";

  private final Shape shape;
  private final String serial;
  private final String tool;
  private final byte[] head;
  private final byte[] chunkHead;
  private final long fingerprint;
  private final int promptTokens;
  private final int first;
  private final boolean includeUsage;
  private final String finishReason;

  /**
   * An answer to be written.
   *
   * @param serial unlike that of any other answer of this engine
   * @param created seconds since 1970
   * @param lengthReason why it ends, unless it calls a function
   */
  ChoiceAnswer(Endpoint endpoint, Ask ask, String serial, long created, String lengthReason) {
    this.shape = Shape.of(endpoint, ask);
    this.serial = serial;
    this.tool = ask.tool().orElse("");
    this.head = head(shape.object, created, ask.model());
    this.chunkHead = ask.stream() ? head(shape.chunkObject, created, ask.model()) : head;
    this.fingerprint = ask.prompt().fingerprint();
    this.promptTokens = ask.promptTokens();
    this.first = ask.continued();
    this.includeUsage = ask.includeUsage();
    this.finishReason = shape == Shape.TOOL_CALL ? "tool_calls" : lengthReason;
  }

  @Override
  public byte[] whole(int tokens) {
    JsonBuffer out =
        new JsonBuffer(ENVELOPE_BYTES + head.length + TYPICAL_TOKEN_BYTES * tokens).raw(head);
    out.raw("\"choices\":[{\"index\":0,");
    switch (shape) {
      case CHAT -> {
        out.raw("\"message\":{\"role\":\"assistant\",\"content\":\"");
        out.tokens(fingerprint, first, first + tokens).raw("\",\"refusal\":null}");
      }
      case TOOL_CALL -> {
        out.raw("\"message\":{\"role\":\"assistant\",\"content\":null,\"refusal\":null,");
        out.raw("\"tool_calls\":[{");
        call(out).raw(ARGUMENT_OPENS).tokens(fingerprint, first, first + tokens);
        out.raw(ARGUMENT_CLOSES).raw("\"}}]}");
      }
      case COMPLETION ->
          out.raw("\"text\":\"").tokens(fingerprint, first, first + tokens).raw("\"");
    }
    out.raw(",\"logprobs\":null,\"finish_reason\":\"").raw(finishReason).raw("\"}],");
    return usage(out, tokens).raw("}").toBytes();
  }

  @Override
  public JsonBuffer events(int from, int to) {
    JsonBuffer out =
        new JsonBuffer(Math.multiplyExact(chunkHead.length + TYPICAL_EVENT_BYTES, to - from + 4));
    if (from == 0) {
      opening(out);
    }
    for (int k = from; k < to; k++) {
      delta(out, k, k + 1);
    }
    return out;
  }

  @Override
  public JsonBuffer opening(JsonBuffer out) {
    switch (shape) {
      case CHAT -> {
        open(out).raw("\"delta\":{\"role\":\"assistant\",\"content\":\"\"}");
        unfinished(out);
      }
      case TOOL_CALL -> {
        open(out).raw("\"delta\":{\"role\":\"assistant\",\"content\":null,");
        call(out.raw("\"tool_calls\":[{\"index\":0,")).raw("\"}}]}");
        unfinished(out);
        piece(out, ARGUMENT_OPENS);
      }
      case COMPLETION -> {}
    }
    return out;
  }

  @Override
  public JsonBuffer delta(JsonBuffer out, int from, int to) {
    open(out)
        .raw(shape.beforeText)
        .tokens(fingerprint, first + from, first + to)
        .raw(shape.afterText);
    return unfinished(out);
  }

  @Override
  public JsonBuffer closing(JsonBuffer out, int tokens) {
    if (shape == Shape.TOOL_CALL) {
      piece(out, ARGUMENT_CLOSES);
    }
    open(out).raw(shape.noText).raw(",\"logprobs\":null,\"finish_reason\":\"").raw(finishReason);
    out.raw(includeUsage ? "\"}],\"usage\":null}\n\n" : "\"}]}\n\n");
    if (includeUsage) {
      out.raw("data: ").raw(chunkHead).raw("\"choices\":[],");
      usage(out, tokens).raw("}\n\n");
    }
    return out.raw("data: [DONE]\n\n");
  }

  private byte[] head(String object, long created, String model) {
    JsonBuffer out = new JsonBuffer(ENVELOPE_BYTES);
    out.raw("{\"id\":\"").raw(shape.idPrefix).raw(serial).raw("\",\"object\":\"").raw(object);
    out.raw("\",\"created\":").number(created).raw(",\"model\":").quoted(model).raw(",");
    return out.toBytes();
  }

  private JsonBuffer open(JsonBuffer out) {
    return out.raw("data: ").raw(chunkHead).raw("\"choices\":[{\"index\":0,");
  }

  private JsonBuffer unfinished(JsonBuffer out) {
    out.raw(",\"logprobs\":null,\"finish_reason\":null}]");
    return out.raw(includeUsage ? ",\"usage\":null}\n\n" : "}\n\n");
  }

  private void piece(JsonBuffer out, String escaped) {
    unfinished(open(out).raw(shape.beforeText).raw(escaped).raw(shape.afterText));
  }

  /** A call up to the opening quote of its arguments. */
  private JsonBuffer call(JsonBuffer out) {
    out.raw("\"id\":\"call_").raw(serial).raw("\",\"type\":\"function\",\"function\":{\"name\":");
    return out.quoted(tool).raw(",\"arguments\":\"");
  }

  private JsonBuffer usage(JsonBuffer out, int tokens) {
    out.raw("\"usage\":{\"prompt_tokens\":").number(promptTokens);
    out.raw(",\"completion_tokens\":").number(tokens);
    return out.raw(",\"total_tokens\":").number((long) promptTokens + tokens).raw("}");
  }
}
