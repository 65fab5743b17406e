package io.weir.ingress.jobs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads multipart/form-data (RFC 7578, RFC 2046 5.1) as it arrives. Belongs to one thread; holds 16
 * KiB of the body.
 */
public final class MultipartReader {
  private static final int BUFFER = 16 << 10;
  private static final int LONGEST_HEADERS = 8 << 10;
  private static final byte[] LINE_END = {'\r', '\n'};

  /** RFC 9110 5.6.6. */
  private static final Pattern PARAMETER =
      Pattern.compile(";\\s*([^=;\\s]+)=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^;\"]*))");

  private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");

  private final InputStream in;
  private final byte[] delimiter;
  private final byte[] buffer = new byte[BUFFER];
  private int from;
  private int until;
  private boolean ended;

  /**
   * One part. It is read before the next one is asked for; what is left of it then is skipped.
   *
   * @param name of the form's field
   * @param filename if it is a file
   */
  public record Part(String name, Optional<String> filename) {}

  /** The body is not well-formed. */
  public static final class MalformedException extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedException(String message) {
      super(message);
    }
  }

  /**
   * @param boundary of the content type
   */
  public MultipartReader(InputStream in, String boundary) {
    this.in = in;
    // The first boundary has no line before it; it is given one.
    this.delimiter = ("\r\n--" + boundary).getBytes(ISO_8859_1);
    buffer[0] = '\r';
    buffer[1] = '\n';
    until = 2;
  }

  /** The boundary that a content type names; empty if it is no multipart/form-data. */
  public static Optional<String> boundary(String contentType) {
    if (!contentType.split(";", 2)[0].strip().equalsIgnoreCase("multipart/form-data")) {
      return Optional.empty();
    }
    return parameter(contentType, "boundary")
        .filter(boundary -> !boundary.isEmpty() && boundary.length() <= 70);
  }

  /** A parameter of a header's value, with or without quotes. */
  static Optional<String> parameter(String value, String name) {
    Matcher parameters = PARAMETER.matcher(value);
    while (parameters.find()) {
      if (parameters.group(1).equalsIgnoreCase(name)) {
        return Optional.of(
            parameters.group(2) == null
                ? parameters.group(3).strip()
                : ESCAPED.matcher(parameters.group(2)).replaceAll("$1"));
      }
    }
    return Optional.empty();
  }

  /**
   * The next part; empty after the last one.
   *
   * @throws MalformedException if the body is not what it must be
   */
  public Optional<Part> next() throws IOException {
    byte[] skipped = new byte[BUFFER];
    int read = read(skipped);
    while (read >= 0) {
      read = read(skipped);
    }
    if (ended) {
      return Optional.empty();
    }
    from += delimiter.length;
    require(2);
    if (buffer[from] == '-' && buffer[from + 1] == '-') {
      ended = true;
      drain();
      return Optional.empty();
    }
    // RFC 2046 lets spaces follow a boundary.
    if (!line().isBlank()) {
      throw new MalformedException("a boundary does not end its line");
    }
    return Optional.of(headers());
  }

  private Part headers() throws IOException {
    Optional<String> name = Optional.empty();
    Optional<String> filename = Optional.empty();
    int total = 0;
    for (String line = line(); !line.isEmpty(); line = line()) {
      total += line.length();
      if (total > LONGEST_HEADERS) {
        throw new MalformedException("a part's headers are too long");
      }
      if (line.toLowerCase(Locale.ROOT).startsWith("content-disposition:")) {
        name = parameter(line, "name");
        filename = parameter(line, "filename");
      }
    }
    return new Part(name.orElseThrow(() -> new MalformedException("a part has no name")), filename);
  }

  private String line() throws IOException {
    int end = indexOf(LINE_END);
    while (end < 0) {
      if (until - from > LONGEST_HEADERS || !more()) {
        throw new MalformedException("a part's headers have no end");
      }
      end = indexOf(LINE_END);
    }
    String line = new String(buffer, from, end - from, UTF_8);
    from = end + LINE_END.length;
    return line;
  }

  /**
   * Reads more of the part.
   *
   * @return how many bytes, or -1 at its end
   * @throws MalformedException if the body ends before the part does
   */
  public int read(byte[] to) throws IOException {
    while (!ended) {
      int boundary = indexOf(delimiter);
      if (boundary == from) {
        return -1;
      }
      // What stands before a boundary, or before what may be the beginning of one.
      int sure = (boundary < 0 ? until - delimiter.length + 1 : boundary) - from;
      if (sure > 0) {
        int given = Math.min(sure, to.length);
        System.arraycopy(buffer, from, to, 0, given);
        from += given;
        return given;
      }
      if (!more()) {
        throw new MalformedException("the body ends before its last boundary");
      }
    }
    return -1;
  }

  private int indexOf(byte[] pattern) {
    for (int at = from; at + pattern.length <= until; at++) {
      if (buffer[at] == pattern[0]
          && Arrays.equals(buffer, at, at + pattern.length, pattern, 0, pattern.length)) {
        return at;
      }
    }
    return -1;
  }

  private void require(int bytes) throws IOException {
    while (until - from < bytes) {
      if (!more()) {
        throw new MalformedException("the body ends within a boundary");
      }
    }
  }

  private boolean more() throws IOException {
    System.arraycopy(buffer, from, buffer, 0, until - from);
    until -= from;
    from = 0;
    int read = in.read(buffer, until, buffer.length - until);
    until += Math.max(0, read);
    return read >= 0;
  }

  /** Reads the end of the stream, so that the connection can take another request. */
  private void drain() throws IOException {
    int read = in.read(buffer);
    while (read >= 0) {
      read = in.read(buffer);
    }
  }
}
