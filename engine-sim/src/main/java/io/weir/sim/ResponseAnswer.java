package io.weir.sim;

/**
 * Writes the answer of OpenAI's Responses API: a response with one message of one text. Its events
 * are typed and numbered from 0, and nothing follows the one that ends the response.
 */
final class ResponseAnswer implements Answer {
  private static final int ENVELOPE_BYTES = 1024;
  private static final int TYPICAL_TOKEN_BYTES = 12;
  private static final int TYPICAL_EVENT_BYTES = 256;

  private final String serial;
  private final long created;
  private final String model;
  private final long fingerprint;
  private final int promptTokens;
  private final String limit;
  private final Ending ending;
  private int sequence;

  private enum Ending {
    COMPLETED("completed", "null"),
    INCOMPLETE("incomplete", "{\"reason\":\"max_output_tokens\"}");

    private final String word;
    private final String details;

    Ending(String word, String details) {
      this.word = word;
      this.details = details;
    }
  }

  /**
   * An answer to be written.
   *
   * @param serial unlike that of any other answer of this engine
   * @param created seconds since 1970
   */
  ResponseAnswer(Ask ask, String serial, long created) {
    this.serial = serial;
    this.created = created;
    this.model = ask.model();
    this.fingerprint = ask.prompt().fingerprint();
    this.promptTokens = ask.promptTokens();
    this.limit = ask.maxTokens().isPresent() ? "" + ask.maxTokens().getAsInt() : "null";
    this.ending = ask.maxTokens().isPresent() ? Ending.INCOMPLETE : Ending.COMPLETED;
  }

  @Override
  public byte[] whole(int tokens) {
    return ended(new JsonBuffer(ENVELOPE_BYTES + TYPICAL_TOKEN_BYTES * tokens), tokens).toBytes();
  }

  @Override
  public JsonBuffer events(int from, int to) {
    JsonBuffer out =
        new JsonBuffer(Math.addExact(Math.multiplyExact(TYPICAL_EVENT_BYTES, to - from), 4096));
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
    running(event(out, "response.created"));
    running(event(out, "response.in_progress"));
    event(out, "response.output_item.added").raw(",\"output_index\":0,\"item\":");
    message(out, "in_progress").raw("]}}\n\n");
    event(out, "response.content_part.added");
    return part(place(out).raw(",\"part\":"), 0).raw("}\n\n");
  }

  @Override
  public JsonBuffer delta(JsonBuffer out, int from, int to) {
    place(event(out, "response.output_text.delta")).raw(",\"delta\":\"");
    return out.tokens(fingerprint, from, to).raw("\",\"logprobs\":[]}\n\n");
  }

  @Override
  public JsonBuffer closing(JsonBuffer out, int tokens) {
    place(event(out, "response.output_text.done")).raw(",\"text\":\"");
    out.tokens(fingerprint, 0, tokens).raw("\",\"logprobs\":[]}\n\n");
    place(event(out, "response.content_part.done")).raw(",\"part\":");
    part(out, tokens).raw("}\n\n");
    event(out, "response.output_item.done").raw(",\"output_index\":0,\"item\":");
    part(message(out, ending.word), tokens).raw("]}}\n\n");
    event(out, "response." + ending.word).raw(",\"response\":");
    return ended(out, tokens).raw("}\n\n");
  }

  /** An event up to its number. */
  private JsonBuffer event(JsonBuffer out, String type) {
    out.raw("event: ").raw(type).raw("\ndata: {\"type\":\"").raw(type);
    return out.raw("\",\"sequence_number\":").number(sequence++);
  }

  private JsonBuffer place(JsonBuffer out) {
    out.raw(",\"item_id\":\"msg_").raw(serial);
    return out.raw("\",\"output_index\":0,\"content_index\":0");
  }

  private void running(JsonBuffer out) {
    head(out.raw(",\"response\":"), "in_progress", "null");
    out.raw(",\"output\":[],\"usage\":null}}\n\n");
  }

  private JsonBuffer ended(JsonBuffer out, int tokens) {
    head(out, ending.word, ending.details).raw(",\"output\":[");
    part(message(out, ending.word), tokens).raw("]}],\"usage\":{\"input_tokens\":");
    out.number(promptTokens).raw(",\"input_tokens_details\":{\"cached_tokens\":0}");
    out.raw(",\"output_tokens\":").number(tokens);
    out.raw(",\"output_tokens_details\":{\"reasoning_tokens\":0},\"total_tokens\":");
    return out.number((long) promptTokens + tokens).raw("}}");
  }

  /** A response up to its output. */
  private JsonBuffer head(JsonBuffer out, String status, String details) {
    out.raw("{\"id\":\"resp_").raw(serial).raw("\",\"object\":\"response\",\"created_at\":");
    out.number(created).raw(",\"status\":\"").raw(status);
    out.raw("\",\"background\":false,\"error\":null,\"incomplete_details\":").raw(details);
    out.raw(",\"instructions\":null,\"max_output_tokens\":").raw(limit).raw(",\"model\":");
    out.quoted(model).raw(",\"parallel_tool_calls\":true,\"previous_response_id\":null");
    out.raw(",\"service_tier\":\"auto\",\"temperature\":1.0,\"top_p\":1.0");
    out.raw(",\"text\":{\"format\":{\"type\":\"text\"}},\"tool_choice\":\"auto\"");
    return out.raw(",\"tools\":[],\"truncation\":\"disabled\",\"metadata\":{}");
  }

  /** The message up to its content. */
  private JsonBuffer message(JsonBuffer out, String status) {
    out.raw("{\"id\":\"msg_").raw(serial).raw("\",\"type\":\"message\",\"status\":\"");
    return out.raw(status).raw("\",\"role\":\"assistant\",\"content\":[");
  }

  private JsonBuffer part(JsonBuffer out, int tokens) {
    out.raw("{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":[],\"text\":\"");
    return out.tokens(fingerprint, 0, tokens).raw("\"}");
  }
}
