package io.weir.dispatcher.answer;

import io.weir.dispatcher.answer.AnswerPublisher.EndOf;
import io.weir.dispatcher.http.BadAnswerException;
import io.weir.schemas.ResponseHead;
import io.weir.schemas.TokenUsage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Passes on an answer that is not streamed: as one record if it fits, else in pieces, the head with
 * the first and the end with the last.
 */
public final class WholeRelay {
  private static final int FIRST_BYTES = 4 * 1024;

  private final AnswerPublisher publisher;
  private final int chunkBytes;
  private final ResponseHead head;
  private final Optional<JsonOutline> outline;
  private final Optional<RenamedObject> renamed;
  private byte[] buffer;
  private int length;
  private boolean headSent;

  private WholeRelay(
      AnswerPublisher publisher,
      AnswerLimits limits,
      ResponseHead head,
      Optional<JsonOutline> outline,
      Optional<RenamedObject> renamed) {
    this.publisher = publisher;
    this.chunkBytes = limits.chunk().toIntBytes();
    this.head = head;
    this.outline = outline;
    this.renamed = renamed;
    long announced = head.getContentLength().orElse((long) FIRST_BYTES);
    this.buffer = new byte[(int) Math.max(1, Math.min(announced, chunkBytes))];
  }

  /** For an answer that must be a JSON text. */
  public static WholeRelay json(AnswerPublisher publisher, AnswerLimits limits, ResponseHead head) {
    return new WholeRelay(
        publisher, limits, head, Optional.of(new JsonOutline()), Optional.empty());
  }

  /**
   * For a response of OpenAI's Responses API, which must be a JSON text.
   *
   * @param fields what it is to say in place of what the engine says
   */
  public static WholeRelay response(
      AnswerPublisher publisher, AnswerLimits limits, ResponseHead head, ResponseFields fields) {
    // Its length is another one then.
    ResponseHead open = ResponseHead.newBuilder(head).setContentLength(null).build();
    return new WholeRelay(
        publisher,
        limits,
        open,
        Optional.of(new JsonOutline()),
        Optional.of(new RenamedObject(fields)));
  }

  /** For an answer that may be anything, such as an engine's error. */
  public static WholeRelay opaque(
      AnswerPublisher publisher, AnswerLimits limits, ResponseHead head) {
    return new WholeRelay(publisher, limits, head, Optional.empty(), Optional.empty());
  }

  /**
   * Takes a piece of the body.
   *
   * @throws BadAnswerException if it cannot be part of what it must be
   */
  public void accept(byte[] bytes, int offset, int count) throws BadAnswerException {
    if (outline.isPresent()) {
      outline.get().accept(bytes, offset, count);
      if (!outline.get().plausible()) {
        throw new BadAnswerException("the answer is not JSON");
      }
    }
    if (renamed.isPresent()) {
      byte[] changed = renamed.get().accept(bytes, offset, count);
      gather(changed, 0, changed.length);
    } else {
      gather(bytes, offset, count);
    }
  }

  private void gather(byte[] bytes, int offset, int count) {
    int from = offset;
    int end = offset + count;
    while (from < end) {
      if (length == chunkBytes) {
        flush();
      }
      int piece = Math.min(end - from, chunkBytes - length);
      grow(length + piece);
      System.arraycopy(bytes, from, buffer, length, piece);
      length += piece;
      from += piece;
    }
  }

  /**
   * The body is over.
   *
   * @return the usage it told
   * @throws BadAnswerException if it was not what it must be
   */
  public Optional<TokenUsage> endOfBody() throws BadAnswerException {
    if (outline.isPresent() && !outline.get().complete()) {
      throw new BadAnswerException("the answer is not a whole JSON text");
    }
    return outline.flatMap(JsonOutline::usage).flatMap(UsageJson::read);
  }

  /** True once a part of the answer is on its way to the client. */
  public boolean begun() {
    return headSent;
  }

  /** Publishes what is left, and the end. */
  public void finish(EndOf end) {
    publisher.publishEnd(head(), data(), 0, end);
  }

  private void flush() {
    publisher.publish(head(), data(), 0);
    headSent = true;
    length = 0;
  }

  private Optional<ResponseHead> head() {
    return headSent ? Optional.empty() : Optional.of(head);
  }

  private ByteBuffer data() {
    return ByteBuffer.wrap(buffer, 0, length);
  }

  private void grow(int needed) {
    if (needed > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.min(chunkBytes, Math.max(needed, 2 * buffer.length)));
    }
  }
}
