package io.weir.sim;

/** What a client asks for, by path. */
enum Endpoint {
  CHAT("/v1/chat/completions", "messages"),
  COMPLETIONS("/v1/completions", "prompt"),
  RESPONSES("/v1/responses", "input"),
  EMBEDDINGS("/v1/embeddings", "input");

  private final String path;
  private final String input;

  Endpoint(String path, String input) {
    this.path = path;
    this.input = input;
  }

  String path() {
    return path;
  }

  /** The body's field that holds the prompt. */
  String input() {
    return input;
  }
}
