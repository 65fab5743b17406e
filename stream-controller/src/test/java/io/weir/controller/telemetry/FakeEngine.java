package io.weir.controller.telemetry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Answers each path with prepared bytes, or not at all. One request per connection. */
final class FakeEngine implements AutoCloseable {
  /** What is done for an answer. */
  interface Act {
    void on(OutputStream out) throws IOException, InterruptedException;
  }

  final List<String> requests = new CopyOnWriteArrayList<>();
  private final ServerSocket server;
  private final Map<String, Act> acts = new ConcurrentHashMap<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  FakeEngine() {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    Thread.ofVirtual().name("fake-engine").start(this::accept);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  FakeEngine page(String path, int status, String body) {
    return act(
        path,
        out ->
            out.write(
                "HTTP/1.1 %d x\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                    .formatted(status, body.length(), body)
                    .getBytes(ISO_8859_1)));
  }

  FakeEngine act(String path, Act act) {
    acts.put(path, act);
    return this;
  }

  FakeEngine hang(String path) {
    return act(path, out -> closed.await());
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException over) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
      List<String> lines = new ArrayList<>();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        lines.add(line);
      }
      if (!lines.isEmpty()) {
        requests.add(String.join("\n", lines));
        String path = lines.getFirst().split(" ", -1)[1];
        acts.getOrDefault(path, FakeEngine::notFound).on(socket.getOutputStream());
      }
    } catch (IOException | InterruptedException gone) {
      // The client has seen enough.
      requests.add("gone");
    }
  }

  private static void notFound(OutputStream out) throws IOException {
    out.write(
        "HTTP/1.1 404 x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".getBytes(ISO_8859_1));
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
