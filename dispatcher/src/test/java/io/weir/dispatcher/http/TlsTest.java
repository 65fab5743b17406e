package io.weir.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines behind https, such as hosted APIs. */
class TlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir static Path dir;
  private static HttpsServer engine;
  private static SSLContext trusting;

  @BeforeAll
  static void start() throws Exception {
    SSLContext context = context(keyStore("localhost", "dns:localhost"));
    trusting = context;
    engine = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    engine.setHttpsConfigurator(new HttpsConfigurator(context));
    engine.createContext(
        "/",
        call -> {
          byte[] body = call.getRequestBody().readAllBytes();
          call.sendResponseHeaders(200, body.length);
          call.getResponseBody().write(body);
          call.close();
        });
    engine.start();
  }

  @AfterAll
  static void stop() {
    engine.stop(0);
  }

  @Test
  void anEngineWithATrustedCertificateAnswers() throws Exception {
    try (EngineConnections connections = connections("localhost", trusting.getSocketFactory());
        Exchange exchange = connections.open()) {
      // When
      exchange.send(
          exchange.head("POST", "/x"), ByteBuffer.wrap("tls".getBytes(StandardCharsets.US_ASCII)));

      // Then
      assertThat(exchange.readHeader().status()).isEqualTo(200);
      int count = exchange.next();
      assertThat(new String(exchange.array(), exchange.offset(), count, StandardCharsets.US_ASCII))
          .isEqualTo("tls");
    }
  }

  @Test
  void aCertificateThatNobodyVouchesForIsRefused() throws Exception {
    SSLSocketFactory usual = (SSLSocketFactory) SSLSocketFactory.getDefault();
    try (EngineConnections connections = connections("localhost", usual)) {
      assertThatThrownBy(connections::open)
          .isInstanceOf(UnreachableException.class)
          .hasCauseInstanceOf(SSLHandshakeException.class);
    }
  }

  @Test
  void aCertificateOfAnotherNameIsRefused() throws Exception {
    // 127.0.0.1 is where it listens, but its certificate says localhost.
    try (EngineConnections connections = connections("127.0.0.1", trusting.getSocketFactory())) {
      assertThatThrownBy(connections::open)
          .isInstanceOf(UnreachableException.class)
          .hasCauseInstanceOf(SSLHandshakeException.class);
    }
  }

  private static EngineConnections connections(String host, SSLSocketFactory tls) {
    URI url = URI.create("https://" + host + ":" + engine.getAddress().getPort());
    return new EngineConnections(Endpoint.of(url), Duration.ofSeconds(5), 1, tls, System::nanoTime);
  }

  private static KeyStore keyStore(String name, String alternative) throws Exception {
    Path file = dir.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=" + alternative,
                "-validity",
                "1",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).as(Files.readString(dir.resolve("keytool.log"))).isZero();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream bytes = Files.newInputStream(file)) {
      store.load(bytes, PASSWORD);
    }
    return store;
  }

  private static SSLContext context(KeyStore store) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, PASSWORD);
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, PASSWORD);
    anchors.setCertificateEntry("engine", store.getCertificate("localhost"));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(anchors);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
