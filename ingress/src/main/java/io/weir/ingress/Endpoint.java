package io.weir.ingress;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The paths that run a model. */
enum Endpoint {
  CHAT_COMPLETIONS("/v1/chat/completions"),
  COMPLETIONS("/v1/completions"),
  RESPONSES("/v1/responses"),
  EMBEDDINGS("/v1/embeddings");

  /** All of them by path. */
  static final Map<String, Endpoint> BY_PATH =
      Arrays.stream(values()).collect(Collectors.toMap(Endpoint::path, Function.identity()));

  private final String path;

  Endpoint(String path) {
    this.path = path;
  }

  String path() {
    return path;
  }

  /** True if its answers are generated token by token. */
  boolean generates() {
    return this != EMBEDDINGS;
  }
}
