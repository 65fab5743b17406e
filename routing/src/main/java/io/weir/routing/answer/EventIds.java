package io.weir.routing.answer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Puts a line {@code id: <attempt>.<seq>} before each server-sent event and leaves every other byte
 * alone. An event is everything up to and including a blank line, whatever it holds; lines end with
 * LF, CR LF or CR (WHATWG HTML, 9.2.6). What follows the last blank line counts as an event too.
 */
public final class EventIds {
  private EventIds() {}

  /**
   * How many events the bytes hold.
   *
   * @param data from the start of an event on; its position is left alone
   */
  public static int count(ByteBuffer data) {
    int events = 0;
    for (int from = data.position(); from < data.limit(); from = endOfEvent(data, from)) {
      events++;
    }
    return events;
  }

  /**
   * What comes after the first events.
   *
   * @param data from the start of an event on; its position is left alone
   * @param events how many to leave out
   */
  public static ByteBuffer after(ByteBuffer data, int events) {
    int from = data.position();
    for (int i = 0; i < events && from < data.limit(); i++) {
      from = endOfEvent(data, from);
    }
    ByteBuffer rest = data.duplicate();
    rest.position(from);
    return rest;
  }

  /**
   * The events with their ids.
   *
   * @param data from the start of an event on; its position is left alone
   * @param attempt the attempt's id
   * @param firstSeq index of the first event within the attempt
   */
  public static byte[] insert(ByteBuffer data, String attempt, long firstSeq) {
    byte[] prefix = ("id: " + attempt + ".").getBytes(StandardCharsets.US_ASCII);
    int events = count(data);
    int digits = Long.toString(firstSeq + events).length();
    byte[] out = new byte[data.remaining() + events * (prefix.length + digits + 1)];
    int at = 0;
    long seq = firstSeq;
    for (int from = data.position(); from < data.limit(); ) {
      int end = endOfEvent(data, from);
      System.arraycopy(prefix, 0, out, at, prefix.length);
      at = digits(out, at + prefix.length, seq++);
      out[at++] = '\n';
      data.get(from, out, at, end - from);
      at += end - from;
      from = end;
    }
    return at == out.length ? out : Arrays.copyOf(out, at);
  }

  private static int endOfEvent(ByteBuffer data, int from) {
    int limit = data.limit();
    boolean emptyLine = false;
    int at = from;
    while (at < limit) {
      byte octet = data.get(at++);
      if (octet != '\n' && octet != '\r') {
        emptyLine = false;
        continue;
      }
      if (octet == '\r' && at < limit && data.get(at) == '\n') {
        at++;
      }
      if (emptyLine) {
        return at;
      }
      emptyLine = true;
    }
    return limit;
  }

  private static int digits(byte[] out, int at, long number) {
    byte[] text = Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, out, at, text.length);
    return at + text.length;
  }
}
