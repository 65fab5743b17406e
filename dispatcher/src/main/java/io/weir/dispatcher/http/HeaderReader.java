package io.weir.dispatcher.http;

import java.io.EOFException;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads a response's status line and headers (RFC 9112 §4, §5). */
final class HeaderReader {
  private static final int LONGEST_LINE = 8 * 1024;
  private static final int MOST_LINES = 256;
  private static final int MOST_INTERIM = 8;

  private String contentType = "";
  private Optional<String> contentEncoding = Optional.empty();
  private Optional<String> retryAfter = Optional.empty();
  private long contentLength = -1;
  private boolean chunked;
  private boolean keepAlive;

  private HeaderReader() {}

  /** What was read, and how the body is framed. */
  record Result(ResponseHeader header, Framing framing, boolean keepAlive) {}

  /** Where the body ends. */
  sealed interface Framing {
    /** After so many bytes. */
    record Length(long bytes) implements Framing {}

    /** After the last chunk. */
    record Chunked() implements Framing {}

    /** Where the connection ends. */
    record UntilClose() implements Framing {}
  }

  static Result read(Input input) throws IOException {
    for (int interim = 0; interim <= MOST_INTERIM; interim++) {
      if (!input.fill()) {
        throw new EOFException("the connection ended before an answer");
      }
      HeaderReader reader = new HeaderReader();
      int status = reader.status(input.line(LONGEST_LINE));
      reader.fields(input);
      // 1xx answers come before the real one; 101 was never asked for.
      if (status >= 200) {
        return reader.result(status);
      }
    }
    throw new BadAnswerException("more than " + MOST_INTERIM + " interim answers");
  }

  private int status(String line) throws BadAnswerException {
    boolean http1 = line.startsWith("HTTP/1.1 ") || line.startsWith("HTTP/1.0 ");
    if (!http1 || line.length() < 12 || (line.length() > 12 && line.charAt(12) != ' ')) {
      throw new BadAnswerException("the answer is not HTTP/1.1");
    }
    keepAlive = line.charAt(7) == '1';
    int status = 0;
    for (int i = 9; i < 12; i++) {
      int digit = line.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw new BadAnswerException("the answer's status is not a number");
      }
      status = status * 10 + digit;
    }
    if (status < 100 || status > 599) {
      throw new BadAnswerException("the answer's status is " + status);
    }
    return status;
  }

  private void fields(Input input) throws IOException {
    for (int lines = 0; lines < MOST_LINES; lines++) {
      String line = input.line(LONGEST_LINE);
      if (line.isEmpty()) {
        return;
      }
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new BadAnswerException("a line of the header has no colon");
      }
      field(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    throw new BadAnswerException("the header has more than " + MOST_LINES + " lines");
  }

  private void field(String name, String value) throws BadAnswerException {
    switch (name) {
      case "content-type" -> contentType = value;
      case "content-encoding" ->
          contentEncoding = Optional.of(value).filter(coding -> !coding.equals("identity"));
      case "retry-after" -> retryAfter = Optional.of(value);
      case "content-length" -> contentLength = length(value);
      case "transfer-encoding" -> {
        if (!value.equalsIgnoreCase("chunked")) {
          throw new BadAnswerException("the answer's transfer-encoding is not chunked");
        }
        chunked = true;
      }
      case "connection" -> {
        String options = value.toLowerCase(Locale.ROOT);
        if (options.contains("close")) {
          keepAlive = false;
        } else if (options.contains("keep-alive")) {
          keepAlive = true;
        }
      }
      default -> {
        // Not used by Weir.
      }
    }
  }

  private long length(String value) throws BadAnswerException {
    try {
      long length = Long.parseLong(value);
      if (length >= 0 && (contentLength < 0 || contentLength == length)) {
        return length;
      }
    } catch (NumberFormatException notANumber) {
      // Said below, in words that do not repeat what the engine sent.
    }
    throw new BadAnswerException("the answer's content-length is not one number");
  }

  private Result result(int status) {
    Framing framing;
    if (status == 204 || status == 304) {
      framing = new Framing.Length(0);
    } else if (chunked) {
      framing = new Framing.Chunked();
    } else if (contentLength >= 0) {
      framing = new Framing.Length(contentLength);
    } else {
      framing = new Framing.UntilClose();
    }
    OptionalLong length =
        framing instanceof Framing.Length(long bytes)
            ? OptionalLong.of(bytes)
            : OptionalLong.empty();
    return new Result(
        new ResponseHeader(status, contentType, length, contentEncoding, retryAfter),
        framing,
        keepAlive && !(framing instanceof Framing.UntilClose));
  }
}
