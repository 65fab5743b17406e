package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.Failure;
import java.io.BufferedInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that read slowly get everything, and slow down nobody else. */
class SlowClientTest {
  private static final int CHUNK = 64 << 10;
  private static final int CHUNKS = 400;

  private static Rig rig;
  private static Ingress ingress;

  @BeforeAll
  static void start(@TempDir Path directory) throws InterruptedException {
    rig = new Rig(directory);
    ingress = rig.ingress(Rig.config(List.of(), Map.of("live-buffer", "256KiB"), Map.of()));
  }

  @AfterAll
  static void stop() {
    ingress.close();
    rig.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLargeAnswerReachesAClientThatReadsLateWhileOthersAreServed(boolean stream)
      throws Exception {
    // Given an answer of 25 MiB, a hundred times the buffer, and short ones for others
    byte[] chunk = chunk(stream);
    rig.dispatcher.onRequest(
        request -> {
          FakeDispatcher.Attempt attempt = rig.dispatcher.attempt(request, "a");
          if (!request.getPath().equals(Client.CHAT)) {
            attempt.whole(200, "application/json", "{}".getBytes(UTF_8));
            return;
          }
          attempt.head(200, stream ? "text/event-stream" : "application/octet-stream");
          for (int i = 0; i < CHUNKS; i++) {
            attempt.data(chunk, stream ? 1 : 0);
          }
          attempt.end();
        });

    try (Socket slow = new Socket()) {
      slow.setReceiveBufferSize(64 << 10);
      slow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), ingress.port()));
      String body = "{\"model\":\"llama\",\"stream\":" + stream + "}";
      slow.getOutputStream()
          .write(
              ("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(UTF_8));

      // When others are served before it reads on
      for (int i = 0; i < 50; i++) {
        HttpResponse<byte[]> other =
            Client.post(ingress, "/v1/embeddings", "{\"model\":\"llama\"}");
        assertThat(other.statusCode()).isEqualTo(200);
      }

      // Then what waits in memory is bounded
      assertThat(liveBytes()).isLessThan(300 << 10);

      // and the client gets every byte once, in order
      MessageDigest got = MessageDigest.getInstance("SHA-256");
      long length = readBody(new BufferedInputStream(slow.getInputStream()), got);
      MessageDigest wanted = MessageDigest.getInstance("SHA-256");
      long wantedLength = 0;
      for (int i = 0; i < CHUNKS; i++) {
        byte[] id = stream ? ("id: a." + i + "\n").getBytes(UTF_8) : new byte[0];
        wanted.update(id);
        wanted.update(chunk);
        wantedLength += id.length + chunk.length;
      }
      assertThat(length).isEqualTo(wantedLength);
      assertThat(HexFormat.of().formatHex(got.digest()))
          .isEqualTo(HexFormat.of().formatHex(wanted.digest()));
    }
    assertThat(Client.text(Client.get(ingress, "/metrics")))
        .containsPattern("weir_ingress_buffer_drops_total [1-9]")
        .containsPattern("weir_ingress_buffer_refills_total [1-9]");
  }

  @Test
  void goingBackAndForthBetweenLiveAndKafkaLosesAndRepeatsNothing() throws Exception {
    // Given a buffer that overflows all the time, and answers that come while they are read
    StringBuilder whole = new StringBuilder();
    for (int i = 0; i < 3_000; i++) {
      whole.append(i).append(' ').append("x".repeat(700)).append('\n');
    }
    rig.dispatcher.onRequest(
        request -> {
          FakeDispatcher.Attempt attempt = rig.dispatcher.attempt(request, "a");
          attempt.head(200, "text/plain");
          whole.toString().lines().forEach(line -> attempt.data(line + "\n"));
          attempt.end();
        });
    try (Ingress small =
        rig.ingress(Rig.config(List.of(), Map.of("live-buffer", "4KiB"), Map.of()))) {

      // When
      for (int i = 0; i < 3; i++) {
        HttpResponse<byte[]> response = Client.post(small, Client.CHAT, "{\"model\":\"llama\"}");

        // Then
        assertThat(Client.text(response)).isEqualTo(whole.toString());
      }
      assertThat(Client.text(Client.get(small, "/metrics")))
          .containsPattern("weir_ingress_buffer_drops_total [1-9][0-9]");
    }
  }

  @Test
  void manyClientsShareLittleMemory() throws Exception {
    // Given memory for two slices, and ten clients with far larger answers
    String line = "x".repeat(700);
    String whole = IntStream.range(0, 200).mapToObj(i -> i + " " + line + "\n").collect(joining());
    rig.dispatcher.onRequest(
        request -> {
          FakeDispatcher.Attempt attempt = rig.dispatcher.attempt(request, "a");
          attempt.head(200, "text/plain");
          whole.lines().forEach(piece -> attempt.data(piece + "\n"));
          attempt.end();
        });
    Map<String, String> limits = Map.of("live-buffer", "4KiB", "live-memory", "8KiB");
    try (Ingress small = rig.ingress(Rig.config(List.of(), limits, Map.of()));
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {

      // When
      List<Future<HttpResponse<byte[]>>> answers =
          IntStream.range(0, 10)
              .mapToObj(
                  i ->
                      clients.submit(
                          () -> Client.post(small, Client.CHAT, "{\"model\":\"llama\"}")))
              .toList();

      // Then everyone gets everything, and all memory is free again
      for (Future<HttpResponse<byte[]>> answer : answers) {
        assertThat(Client.text(answer.get())).isEqualTo(whole);
      }
      assertThat(Client.text(Client.get(small, "/metrics")))
          .containsPattern("weir_ingress_buffer_bytes 0");
    }
  }

  @Test
  void anAnswerThatBreaksAfterItsFirstBytesBreaksTheConnection() throws Exception {
    // Given
    rig.dispatcher.onRequest(
        request -> {
          FakeDispatcher.Attempt attempt = rig.dispatcher.attempt(request, "a");
          attempt.head(200, "application/json").data("{\"half\":");
          attempt.fail(new Failure("engine_died", "x", 502, false, true, null, Map.of()));
        });
    String body = "{\"model\":\"llama\"}";

    // When
    String response =
        Client.raw(
            ingress,
            "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body);

    // Then there is no last chunk
    assertThat(response).contains("{\"half\":").doesNotContain("\r\n0\r\n");
  }

  private static double liveBytes() throws Exception {
    return Client.text(Client.get(ingress, "/metrics"))
        .lines()
        .filter(line -> line.startsWith("weir_ingress_buffer_bytes "))
        .mapToDouble(line -> Double.parseDouble(line.split(" ", 2)[1]))
        .findFirst()
        .orElseThrow();
  }

  private static byte[] chunk(boolean stream) {
    byte[] chunk = new byte[CHUNK];
    Random random = new Random(7);
    for (int i = 0; i < CHUNK; i++) {
      chunk[i] = (byte) ('a' + random.nextInt(26));
    }
    if (stream) {
      byte[] prefix = "data: ".getBytes(UTF_8);
      System.arraycopy(prefix, 0, chunk, 0, prefix.length);
      chunk[CHUNK - 2] = '\n';
      chunk[CHUNK - 1] = '\n';
    }
    return chunk;
  }

  /** Reads a response in HTTP chunks. */
  private static long readBody(InputStream in, MessageDigest digest) throws Exception {
    String header = line(in);
    while (!header.isEmpty()) {
      header = line(in);
    }
    long total = 0;
    while (true) {
      int size = Integer.parseInt(line(in), 16);
      if (size == 0) {
        return total;
      }
      byte[] chunk = in.readNBytes(size);
      digest.update(chunk);
      total += size;
      line(in);
    }
  }

  private static String line(InputStream in) throws Exception {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n' && c >= 0; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
