package io.weir.controller.callbacks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One POST to an address that was checked: a client that looked the host up once more could be led
 * elsewhere. Follows no redirects and reads nothing but the status.
 *
 * @param address of the URL's host
 * @param id of the request
 * @param timestamp seconds since the epoch
 * @param signature over both and the body
 */
record WebhookPost(URI url, InetAddress address, String id, long timestamp, String signature) {
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3})(?: .*)?");
  private static final int LONGEST_LINE = 1_024;

  /**
   * Posts.
   *
   * @param body JSON
   * @param timeout for the connection, and for the answer
   * @return the status
   * @throws IOException if there is no answer, or it is not HTTP
   */
  int send(byte[] body, Duration timeout) throws IOException {
    int millis = Math.clamp(timeout.toMillis(), 1, Integer.MAX_VALUE);
    boolean tls = url.getScheme().equals("https");
    int port = url.getPort() >= 0 ? url.getPort() : tls ? 443 : 80;
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(address, port), millis);
      plain.setSoTimeout(millis);
      try (Socket socket = tls ? secured(plain, port) : plain) {
        OutputStream out = socket.getOutputStream();
        out.write(head(body.length).getBytes(US_ASCII));
        out.write(body);
        out.flush();
        return status(socket.getInputStream());
      }
    }
  }

  private Socket secured(Socket plain, int port) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            ((SSLSocketFactory) SSLSocketFactory.getDefault())
                .createSocket(plain, url.getHost(), port, /* autoClose= */ true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private String head(int length) {
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    String authority = url.getPort() >= 0 ? url.getHost() + ":" + url.getPort() : url.getHost();
    return String.join(
        "\r\n",
        "POST " + path + query + " HTTP/1.1",
        "Host: " + authority,
        "Content-Type: application/json",
        "Content-Length: " + length,
        "User-Agent: weir",
        "webhook-id: " + id,
        "webhook-timestamp: " + timestamp,
        "webhook-signature: " + signature,
        "Connection: close",
        "",
        "");
  }

  private static int status(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int octet = in.read(); octet >= 0 && octet != '\n'; octet = in.read()) {
      line.append((char) octet);
      if (line.length() > LONGEST_LINE) {
        throw new IOException("the answer is not HTTP");
      }
    }
    Matcher status = STATUS.matcher(line.toString().stripTrailing());
    if (!status.matches()) {
      throw new IOException("the answer is not HTTP");
    }
    return Integer.parseInt(status.group(1));
  }
}
