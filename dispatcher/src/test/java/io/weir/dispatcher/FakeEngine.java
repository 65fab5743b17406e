package io.weir.dispatcher;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/** An engine that does, byte for byte, what a test tells it to. */
public final class FakeEngine implements AutoCloseable {
  /** The header of a stream. */
  private static final byte[] SSE_HEAD =
      ascii(
          """
          HTTP/1.1 200 OK\r
          Content-Type: text/event-stream; charset=utf-8\r
          Transfer-Encoding: chunked\r
          \r
          """);

  private final Script script;
  private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
  private final Set<String> gets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger mostRunning = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final int port;
  private volatile int healthStatus = 200;
  private volatile ServerSocket server;
  private volatile Thread acceptor;

  /** Thrown by a script to close the connection in order; any other exception resets it. */
  public static final class HangUp extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** A request as it came. */
  public record Call(String line, Map<String, String> headers, ByteBuffer body) {}

  /** Writes the answer to a POST; the connection is kept if it returns normally. */
  public interface Script {
    void answer(Call call, OutputStream out) throws IOException, InterruptedException;
  }

  private FakeEngine(Script script) {
    this.script = script;
    this.server = listen(0);
    this.port = server.getLocalPort();
  }

  public static FakeEngine start(Script script) {
    return new FakeEngine(script);
  }

  /** Answers every request with JSON. */
  public static FakeEngine json(String body) {
    return start((call, out) -> out.write(response("application/json", body)));
  }

  /** Answers every request with a stream, one piece at a time. */
  public static FakeEngine sse(List<String> pieces) {
    return start(
        (call, out) -> {
          out.write(SSE_HEAD);
          for (String piece : pieces) {
            out.write(chunk(piece));
            out.flush();
          }
          out.write(ascii("0\r\n\r\n"));
        });
  }

  /** The header of a stream. */
  public static byte[] sseHead() {
    return SSE_HEAD.clone();
  }

  public static byte[] response(String contentType, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    byte[] head =
        ascii(
            "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                .formatted(contentType, bytes.length));
    byte[] all = new byte[head.length + bytes.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(bytes, 0, all, head.length, bytes.length);
    return all;
  }

  public static byte[] chunk(String piece) {
    byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
    return (Integer.toHexString(bytes.length) + "\r\n" + piece + "\r\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  public static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Lets an engine be slow. */
  public static void pause(long millis) {
    LockSupport.parkNanos(millis * 1_000_000);
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  public Queue<Call> calls() {
    return calls;
  }

  /** First lines of the GETs that came. */
  public Set<String> gets() {
    return gets;
  }

  public int running() {
    return running.get();
  }

  public int mostRunning() {
    return mostRunning.get();
  }

  public int connections() {
    return connections.get();
  }

  public void health(int status) {
    healthStatus = status;
  }

  /** Refuses connections from now on. */
  public void goDown() throws IOException {
    server.close();
    try {
      // The port is free only once nobody waits on it.
      acceptor.join();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    sockets.forEach(FakeEngine::drop);
    // Connections are reset only once nobody reads from them.
    Awaitility.await().until(sockets::isEmpty);
  }

  public void comeBack() {
    server = listen(port);
  }

  private ServerSocket listen(int wanted) {
    try {
      ServerSocket socket = new ServerSocket(wanted, 256, InetAddress.getLoopbackAddress());
      acceptor = Thread.ofVirtual().start(() -> accept(socket));
      return socket;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void accept(ServerSocket from) {
    while (!from.isClosed()) {
      try {
        Socket socket = from.accept();
        connections.incrementAndGet();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (Call call = read(in); call != null; call = read(in)) {
        if (call.line().startsWith("GET ")) {
          gets.add(call.line());
          socket
              .getOutputStream()
              .write(ascii("HTTP/1.1 " + healthStatus + " X\r\nContent-Length: 0\r\n\r\n"));
          continue;
        }
        calls.add(call);
        mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
        try {
          script.answer(call, socket.getOutputStream());
        } finally {
          running.decrementAndGet();
        }
        socket.getOutputStream().flush();
      }
    } catch (HangUp orderly) {
      // The socket is closed, and what was written arrives.
    } catch (IOException | InterruptedException gone) {
      drop(socket);
    } finally {
      sockets.remove(socket);
    }
  }

  private static Call read(InputStream in) throws IOException {
    String first = line(in);
    if (first == null) {
      return null;
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Call(first, headers, ByteBuffer.wrap(in.readNBytes(length)));
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        return null;
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private static void drop(Socket socket) {
    try {
      if (socket.isClosed()) {
        return;
      }
      // A reset rather than an orderly end, as a killed process gives.
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
