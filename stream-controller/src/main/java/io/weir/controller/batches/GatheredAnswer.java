package io.weir.controller.batches;

import io.weir.schemas.Failure;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.ResponseHead;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/** One attempt's answer as it is read. */
final class GatheredAnswer {
  private final int largest;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private Optional<ResponseHead> head = Optional.empty();
  private Optional<Failure> failure = Optional.empty();
  private boolean ended;
  private boolean tooLarge;

  /**
   * @param largest body that is kept, in bytes
   */
  GatheredAnswer(int largest) {
    this.largest = largest;
  }

  void take(ResponseChunk chunk) {
    head = head.or(chunk::getHead);
    ByteBuffer data = chunk.getData();
    tooLarge = tooLarge || body.size() + data.remaining() > largest;
    if (tooLarge) {
      body.reset();
    } else {
      byte[] bytes = new byte[data.remaining()];
      data.duplicate().get(bytes);
      body.writeBytes(bytes);
    }
    chunk
        .getEnd()
        .ifPresent(
            end -> {
              ended = true;
              failure = end.getFailure();
            });
  }

  /** True if an engine's words are all there. */
  boolean isWhole() {
    boolean refused = head.isPresent() && head.get().getStatus() >= 400;
    return ended && head.isPresent() && !tooLarge && (failure.isEmpty() || refused);
  }

  boolean isTooLarge() {
    return tooLarge;
  }

  int status() {
    return head.map(ResponseHead::getStatus).orElse(0);
  }

  byte[] body() {
    return body.toByteArray();
  }
}
