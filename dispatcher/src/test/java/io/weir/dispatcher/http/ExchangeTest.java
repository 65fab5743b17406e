package io.weir.dispatcher.http;

import static io.weir.dispatcher.FakeEngine.ascii;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.dispatcher.FakeEngine;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExchangeTest {
  private static final SSLSocketFactory TLS = (SSLSocketFactory) SSLSocketFactory.getDefault();

  private final AtomicLong nanos = new AtomicLong();
  private FakeEngine engine;
  private EngineConnections connections;

  @AfterEach
  void close() throws IOException {
    connections.close();
    engine.close();
  }

  private void engine(FakeEngine.Script script) {
    engine = FakeEngine.start(script);
    connections =
        new EngineConnections(Endpoint.of(engine.uri()), Duration.ofSeconds(2), 4, TLS, nanos::get);
  }

  private void answering(String bytes) {
    engine((call, out) -> out.write(ascii(bytes)));
  }

  private Exchange post() throws IOException {
    Exchange exchange = connections.open();
    exchange.send(exchange.head("POST", "/x"), ByteBuffer.wrap(ascii("body")));
    return exchange;
  }

  private static String body(Exchange exchange) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int count = exchange.next(); count >= 0; count = exchange.next()) {
      body.write(exchange.array(), exchange.offset(), count);
    }
    return body.toString(StandardCharsets.ISO_8859_1);
  }

  private String roundTrip() throws IOException {
    try (Exchange exchange = post()) {
      exchange.readHeader();
      return body(exchange);
    }
  }

  @Test
  void aConnectionIsUsedAgainAfterEveryKindOfBody() throws Exception {
    answering(
        """
        HTTP/1.1 103 Early Hints\r
        Link: x\r
        \r
        HTTP/1.1 200 OK\r
        transfer-ENCODING: chunked\r
        \r
        3;ext=1\r
        abc\r
        00a\r
        0123456789\r
        0\r
        Trailer: x\r
        \r
        """);
    for (int i = 0; i < 5; i++) {
      assertThat(roundTrip()).isEqualTo("abc0123456789");
    }
    assertThat(engine.connections()).isEqualTo(1);
  }

  @Test
  void aBodyThatWasNotReadToItsEndCostsItsConnection() throws Exception {
    answering("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcd");
    try (Exchange exchange = post()) {
      exchange.readHeader();
      exchange.next();
    }
    assertThat(roundTrip()).isEqualTo("abcd");
    assertThat(engine.connections()).isEqualTo(2);
  }

  @Test
  void aBodyMayEndWithItsConnection() throws Exception {
    engine(
        (call, out) -> {
          out.write(ascii("HTTP/1.0 200 OK\r\n\r\nold"));
          out.flush();
          throw new FakeEngine.HangUp();
        });
    try (Exchange exchange = post()) {
      exchange.readHeader();
      assertThat(body(exchange)).isEqualTo("old");
    }
  }

  @Test
  void anIdleConnectionThatTheEngineClosedIsNotUsed() throws Exception {
    answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    roundTrip();
    engine.goDown();
    engine.comeBack();
    assertThat(roundTrip()).isEmpty();
    assertThat(engine.connections()).isEqualTo(2);
  }

  @Test
  void aConnectionIdleForLongIsNotUsed() throws Exception {
    answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    roundTrip();
    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    roundTrip();
    assertThat(engine.connections()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-x\r\n\r\n",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 2x0 OK\r\n\r\n",
        "HTTP/1.1 999 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
      })
  void headersThatAreNotHttp(String answer) throws Exception {
    answering(answer);
    try (Exchange exchange = post()) {
      assertThatThrownBy(exchange::readHeader).isInstanceOf(BadAnswerException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x\r\n", "-1\r\n", "+1\r\n", "fffffffffffffffff\r\n", "1\r\nab\r\n0\r\n\r\n"})
  void chunksThatAreNotHttp(String chunks) throws Exception {
    answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
    try (Exchange exchange = post()) {
      exchange.readHeader();
      assertThatThrownBy(() -> body(exchange)).isInstanceOf(BadAnswerException.class);
    }
  }

  @Test
  void aHeaderWithoutEndIsRefused() throws Exception {
    answering("HTTP/1.1 200 OK\r\nX: " + "x".repeat(20_000));
    try (Exchange exchange = post()) {
      assertThatThrownBy(exchange::readHeader).isInstanceOf(BadAnswerException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Content-Length: 5\r\n\r\nab", "Transfer-Encoding: chunked\r\n\r\n5\r\nab"})
  void aBodyThatIsCutShort(String rest) throws Exception {
    engine(
        (call, out) -> {
          out.write(ascii("HTTP/1.1 200 OK\r\n" + rest));
          out.flush();
          throw new FakeEngine.HangUp();
        });
    try (Exchange exchange = post()) {
      exchange.readHeader();
      assertThatThrownBy(() -> body(exchange)).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void anotherThreadCanEndTheWait() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    engine(
        (call, out) -> {
          asked.countDown();
          never.await();
        });
    Exchange exchange = post();
    CompletableFuture<Void> reading =
        CompletableFuture.runAsync(
            () -> assertThatThrownBy(exchange::readHeader).isInstanceOf(IOException.class));
    asked.await();
    exchange.abort();
    reading.join();
    exchange.close();
  }

  @Test
  void aClosedPortIsUnreachableByRefusal() throws Exception {
    answering("");
    URI closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }
    EngineConnections nowhere =
        new EngineConnections(Endpoint.of(closed), Duration.ofSeconds(2), 4, TLS, nanos::get);
    assertThatThrownBy(nowhere::open)
        .isInstanceOf(UnreachableException.class)
        .hasCauseInstanceOf(ConnectException.class)
        .hasMessageContaining("127.0.0.1:" + closed.getPort());
  }

  @Test
  void valuesCannotBreakOutOfTheirLine() throws Exception {
    answering("HTTP/1.1 204 No Content\r\n\r\n");
    try (Exchange exchange = connections.open()) {
      exchange.send(
          exchange.head("POST", "/a b\r\nX: 1").header("y", "1\r\nz: 2"),
          ByteBuffer.wrap(new byte[0]));
      assertThat(exchange.readHeader().status()).isEqualTo(204);
    }
    FakeEngine.Call call = engine.calls().element();
    assertThat(call.line()).isEqualTo("POST /a_b__X:_1 HTTP/1.1");
    assertThat(call.headers()).containsEntry("y", "1  z: 2").doesNotContainKeys("x", "z");
  }

  @Test
  void largeBodiesPassWhole() throws Exception {
    byte[] body = new byte[3_000_000];
    new Random(5).nextBytes(body);
    engine(
        (call, out) -> {
          out.write(ascii("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n"));
          out.write(call.body().array());
        });
    try (Exchange exchange = connections.open()) {
      // A slice within a larger array, as requests have it.
      ByteBuffer padded = ByteBuffer.allocate(body.length + 20);
      padded.position(10).put(body);
      exchange.send(exchange.head("POST", "/x"), padded.slice(10, body.length));
      exchange.readHeader();
      assertThat(body(exchange).getBytes(StandardCharsets.ISO_8859_1)).isEqualTo(body);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://h, h, ''",
    "http://h:8000/, h:8000, ''",
    "https://h/base/, h, /base",
    "https://h:80, h:80, ''",
    "http://[::1]:9, [::1]:9, ''"
  })
  void endpointsOfUrls(String url, String authority, String basePath) {
    answering("");
    Endpoint endpoint = Endpoint.of(URI.create(url));
    assertThat(endpoint.authority()).isEqualTo(authority);
    assertThat(endpoint.basePath()).isEqualTo(basePath);
  }
}
