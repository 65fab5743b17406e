package io.weir.launcher.bench;

import java.nio.charset.StandardCharsets;

/** One request's body, and where in it the prompt stands. The bytes are shared, not copied. */
final class Call {
  private final byte[] body;
  private final int promptStart;
  private final int promptLength;

  Call(byte[] body, int promptStart, int promptLength) {
    this.body = body;
    this.promptStart = promptStart;
    this.promptLength = promptLength;
  }

  byte[] body() {
    return body;
  }

  String prompt() {
    return new String(body, promptStart, promptLength, StandardCharsets.US_ASCII);
  }
}
