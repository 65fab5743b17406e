package io.weir.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** A connection that sends any bytes and reads answers strictly. */
final class RawConnection implements AutoCloseable {
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 [1-5][0-9][0-9] [ -~]*");
  private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+: ?[\\t -~]*");
  private static final int LONGEST_LINE = 16 << 10;
  private static final int PATIENCE_MILLIS = 30_000;

  /**
   * One answer.
   *
   * @param head status line and headers as they came
   * @param body a character for each byte
   */
  record Answer(int status, String head, Map<String, String> headers, String body) {
    boolean isLast() {
      return headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT).contains("close");
    }

    String text() {
      return head + body;
    }
  }

  private final Socket socket;
  private final InputStream in;

  RawConnection(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** There will be no more bytes. */
  void sendEnd() throws IOException {
    socket.shutdownOutput();
  }

  /**
   * The next answer but for interim ones.
   *
   * @param isHead whether it has no body whatever its headers say
   * @return empty if the server closed the connection instead
   * @throws ProtocolException if it is no HTTP
   */
  Optional<Answer> read(boolean isHead) throws IOException {
    while (true) {
      Optional<Answer> answer = readOne(isHead);
      if (answer.isEmpty() || answer.get().status() >= 200) {
        return answer;
      }
    }
  }

  private Optional<Answer> readOne(boolean isHead) throws IOException {
    in.mark(1);
    if (in.read() < 0) {
      return Optional.empty();
    }
    in.reset();
    StringBuilder head = new StringBuilder();
    String status = line();
    require(STATUS.matcher(status).matches(), "no status line: " + status);
    head.append(status).append('\n');
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      require(HEADER.matcher(line).matches(), "no header: " + line);
      head.append(line).append('\n');
      int colon = line.indexOf(':');
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      String former = headers.put(name, line.substring(colon + 1).strip());
      require(former == null || !name.startsWith("content-"), "twice: " + line);
    }
    int code = Integer.parseInt(status.substring(9, 12));
    boolean bodiless = isHead || code < 200 || code == 204 || code == 304;
    return Optional.of(
        new Answer(
            code, head.toString(), headers, bodiless ? "" : new String(body(headers), ISO_8859_1)));
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    if (headers.containsKey("transfer-encoding")) {
      require(!headers.containsKey("content-length"), "both lengths");
      return chunks();
    }
    require(headers.containsKey("content-length"), "no length: " + headers);
    int length = Integer.parseInt(headers.get("content-length"));
    byte[] body = in.readNBytes(length);
    require(body.length == length, "cut at " + body.length + " of " + length);
    return body;
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int length = Integer.parseInt(line().split(";", 2)[0].strip(), 16);
      byte[] chunk = in.readNBytes(length);
      require(chunk.length == length, "cut in a chunk");
      body.writeBytes(chunk);
      require(line().isEmpty(), "a chunk is longer than it says");
      if (length == 0) {
        return body.toByteArray();
      }
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(128);
    while (true) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("cut in a line: " + line.toString(ISO_8859_1));
      }
      if (next == '\n') {
        String text = line.toString(ISO_8859_1);
        require(text.endsWith("\r"), "a line ends with LF alone: " + text);
        return text.substring(0, text.length() - 1);
      }
      line.write(next);
      require(line.size() < LONGEST_LINE, "an endless line");
    }
  }

  private static void require(boolean holds, String otherwise) throws ProtocolException {
    if (!holds) {
      throw new ProtocolException(otherwise);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
