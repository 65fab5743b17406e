package io.weir.sim;

/** The three forms an answer takes, with the JSON in which they differ. */
enum Shape {
  CHAT(
      "chatcmpl-",
      "chat.completion",
      "chat.completion.chunk",
      "\"delta\":{\"content\":\"",
      "\"}",
      "\"delta\":{}"),
  TOOL_CALL(
      "chatcmpl-",
      "chat.completion",
      "chat.completion.chunk",
      "\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"",
      "\"}}]}",
      "\"delta\":{}"),
  COMPLETION("cmpl-", "text_completion", "text_completion", "\"text\":\"", "\"", "\"text\":\"\"");

  final String idPrefix;
  final String object;
  final String chunkObject;
  final String beforeText;
  final String afterText;
  final String noText;

  Shape(
      String idPrefix,
      String object,
      String chunkObject,
      String beforeText,
      String afterText,
      String noText) {
    this.idPrefix = idPrefix;
    this.object = object;
    this.chunkObject = chunkObject;
    this.beforeText = beforeText;
    this.afterText = afterText;
    this.noText = noText;
  }

  static Shape of(Endpoint endpoint, Ask ask) {
    if (endpoint == Endpoint.COMPLETIONS) {
      return COMPLETION;
    }
    return ask.tool().isPresent() ? TOOL_CALL : CHAT;
  }
}
