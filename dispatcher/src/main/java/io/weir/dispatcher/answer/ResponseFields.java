package io.weir.dispatcher.answer;

import java.util.Map;
import java.util.Optional;

/**
 * What the response object of OpenAI's Responses API has to say in place of what the engine says:
 * the id by which every ingress finds it again, and whether the client was to come back for it.
 */
public final class ResponseFields {
  private final Map<String, String> values;

  private ResponseFields(Map<String, String> values) {
    this.values = values;
  }

  /** The engine's words stay. */
  static ResponseFields untouched() {
    return new ResponseFields(Map.of());
  }

  /** Of a response that the client waits for. */
  public static ResponseFields attended(String id) {
    return new ResponseFields(Map.of("id", quoted(id)));
  }

  /** Of a response that runs in the background: the engine was not told so. */
  public static ResponseFields background(String id) {
    return new ResponseFields(Map.of("id", quoted(id), "background", "true"));
  }

  /** The JSON value that a field is to have; empty if the engine's stays. */
  Optional<String> of(String field) {
    return Optional.ofNullable(values.get(field));
  }

  private static String quoted(String id) {
    return '"' + ContinuedBody.quoted(id) + '"';
  }
}
