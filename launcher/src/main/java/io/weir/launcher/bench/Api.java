package io.weir.launcher.bench;

/** Which of an engine's endpoints a run calls. */
enum Api {
  CHAT("/chat/completions", "\"messages\":[{\"role\":\"user\",\"content\":\"", "\"}]"),
  COMPLETIONS("/completions", "\"prompt\":\"", "\""),
  EMBEDDINGS("/embeddings", "\"input\":\"", "\"");

  private final String path;
  final String promptBefore;
  final String promptAfter;

  Api(String path, String promptBefore, String promptAfter) {
    this.path = path;
    this.promptBefore = promptBefore;
    this.promptAfter = promptAfter;
  }

  boolean generates() {
    return this != EMBEDDINGS;
  }

  /** The endpoint's URL under a base that may or may not end in {@code /v1}, as SDKs' bases do. */
  String under(String base) {
    String trimmed = base.replaceAll("/+$", "");
    return trimmed.endsWith("/v1") ? trimmed + path : trimmed + "/v1" + path;
  }
}
