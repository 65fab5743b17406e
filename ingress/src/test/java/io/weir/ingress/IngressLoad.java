package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Measures the ingress with a broker, an answering dispatcher and its clients in one process:
 * latency with one client, throughput with many, and which threads took the time. Not a test.
 */
final class IngressLoad {
  private static final byte[] ANSWER =
      ("{\"id\":\"x\",\"choices\":[{\"message\":{\"content\":\"" + "word ".repeat(40) + "\"}}]}")
          .getBytes(UTF_8);
  private static final byte[] BODY =
      ("{\"model\":\"llama\",\"messages\":[{\"role\":\"user\",\"content\":\""
              + "word ".repeat(40)
              + "\"}]}")
          .getBytes(UTF_8);

  private IngressLoad() {}

  /**
   * Runs both.
   *
   * @param args number of clients, requests each
   */
  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("weir-load");
    try (Rig rig = new Rig(directory);
        Ingress ingress = rig.ingress()) {
      rig.dispatcher.onRequest(
          request -> rig.dispatcher.attempt(request, "a").whole(200, "application/json", ANSWER));
      run(ingress, 1, 3_000);
      run(ingress, 1, 3_000);
      int clients = Integer.parseInt(args[0]);
      int requests = Integer.parseInt(args[1]);
      run(ingress, clients, requests);
      run(ingress, clients, requests);
    }
  }

  private static void run(Ingress ingress, int clients, int each) throws Exception {
    Map<Long, Long> cpu = cpu();
    long[][] took = new long[clients][each];
    CountDownLatch done = new CountDownLatch(clients);
    AtomicInteger failed = new AtomicInteger();
    long start = System.nanoTime();
    for (long[] mine : took) {
      Thread.ofPlatform()
          .name("load")
          .start(
              () -> {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), ingress.port())) {
                  socket.setTcpNoDelay(true);
                  for (int i = 0; i < mine.length; i++) {
                    long before = System.nanoTime();
                    exchange(socket);
                    mine[i] = System.nanoTime() - before;
                  }
                } catch (IOException e) {
                  failed.incrementAndGet();
                } finally {
                  done.countDown();
                }
              });
    }
    done.await();
    double seconds = (System.nanoTime() - start) / 1e9;
    long[] all = Arrays.stream(took).flatMapToLong(Arrays::stream).sorted().toArray();
    System.out.printf(
        "clients=%d n=%d failed=%d rate=%.0f/s p50=%.2f p90=%.2f p99=%.2f max=%.1f ms%n",
        clients,
        all.length,
        failed.get(),
        all.length / seconds,
        all[all.length / 2] / 1e6,
        all[all.length * 9 / 10] / 1e6,
        all[all.length * 99 / 100] / 1e6,
        all[all.length - 1] / 1e6);
    report(cpu, all.length);
  }

  private static void exchange(Socket socket) throws IOException {
    byte[] head =
        ("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                + BODY.length
                + "\r\n\r\n")
            .getBytes(UTF_8);
    byte[] request = Arrays.copyOf(head, head.length + BODY.length);
    System.arraycopy(BODY, 0, request, head.length, BODY.length);
    socket.getOutputStream().write(request);
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[8192];
    int total = 0;
    while (true) {
      int read = in.read(buffer, total, buffer.length - total);
      if (read < 0) {
        throw new IOException("closed");
      }
      total += read;
      if (buffer[total - 1] == '}' && buffer[total - 2] == ']') {
        return;
      }
    }
  }

  private static Map<Long, Long> cpu() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Map<Long, Long> cpu = new HashMap<>();
    for (long id : threads.getAllThreadIds()) {
      cpu.put(id, threads.getThreadCpuTime(id));
    }
    return cpu;
  }

  private static void report(Map<Long, Long> before, int requests) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Map<String, Long> byName = new HashMap<>();
    for (long id : threads.getAllThreadIds()) {
      var info = threads.getThreadInfo(id);
      if (info != null) {
        long used = threads.getThreadCpuTime(id) - before.getOrDefault(id, 0L);
        byName.merge(info.getThreadName().replaceAll("\\d+", "N"), used, Long::sum);
      }
    }
    byName.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(10)
        .forEach(
            e ->
                System.out.printf(
                    "  %6.1f us/request  %s%n", e.getValue() / 1e3 / requests, e.getKey()));
  }
}
