package io.weir.dispatcher.answer;

import io.weir.dispatcher.http.BadAnswerException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * Puts Weir's fields in place of the engine's into the events of a stream that carry a response:
 * the first ones and the last. All other bytes stay as they are, and deltas are not parsed. Holds
 * back an event that has not come whole.
 */
final class RenamedEvents {
  private static final byte[] RESPONSE = EventBytes.ascii("\"response\"");
  private static final int FIRST_BYTES = 2 * 1024;

  private final ResponseFields fields;
  private final long largest;
  private final SseScanner scanner = new SseScanner();
  private byte[] held = new byte[FIRST_BYTES];
  private int length;

  RenamedEvents(ResponseFields fields, AnswerLimits limits) {
    this.fields = fields;
    this.largest = limits.event().bytes();
  }

  /**
   * Takes a piece of the stream.
   *
   * @return the events that are whole with it
   * @throws BadAnswerException if it cannot be part of one
   */
  byte[] accept(byte[] bytes, int offset, int count) throws BadAnswerException {
    int from = length;
    append(bytes, offset, count);
    ByteArrayOutputStream out = new ByteArrayOutputStream(length);
    int begin = 0;
    for (int i = from; i < length; i++) {
      switch (scanner.step(held[i])) {
        case WITHIN -> {
          // The event goes on.
        }
        case END -> begin = pass(begin, i + 1, out);
        case ENDED_BEFORE -> begin = pass(begin, i, out);
        case ENDED_BEFORE_AND_END -> begin = pass(pass(begin, i, out), i + 1, out);
      }
    }
    System.arraycopy(held, begin, held, 0, length - begin);
    length -= begin;
    if (length > largest) {
      throw new BadAnswerException("an event is larger than " + largest + " bytes");
    }
    return out.toByteArray();
  }

  private int pass(int from, int to, ByteArrayOutputStream out) throws BadAnswerException {
    int data = EventBytes.data(held, from, to);
    if (data < 0 || EventBytes.indexOf(held, data, to, RESPONSE) < 0) {
      out.write(held, from, to - from);
      return to;
    }
    int end = EventBytes.lineEnd(held, data, to);
    out.write(held, from, data - from);
    out.writeBytes(renamed(data, end));
    out.write(held, end, to - end);
    return to;
  }

  private byte[] renamed(int data, int end) throws BadAnswerException {
    try {
      return ResponseEvent.parse(held, data, end, fields).splices().apply(held, data, end - data);
    } catch (IOException notJson) {
      throw new BadAnswerException("an event of it is not JSON");
    }
  }

  private void append(byte[] bytes, int offset, int count) {
    if (length + count > held.length) {
      held = Arrays.copyOf(held, Math.max(length + count, 2 * held.length));
    }
    System.arraycopy(bytes, offset, held, length, count);
    length += count;
  }
}
