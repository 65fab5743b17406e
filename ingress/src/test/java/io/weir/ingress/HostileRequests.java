package io.weir.ingress;

import static io.weir.ingress.HostileBodies.MARKER;
import static io.weir.ingress.HostileBodies.pick;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.SplittableRandom;

/** Requests to an ingress that no honest client sends, from a seed. */
final class HostileRequests {
  static final String KEY = "sk-fuzz";

  private static final String[] PATHS = {
    "/v1/chat/completions",
    "/v1/completions",
    "/v1/embeddings",
    "/v1/responses",
    "/v1/files",
    "/v1/batches",
    "/v1/chat/completions?x=" + MARKER,
    "/v1/chat/completions/",
    "/v1/models",
    "/v1/models/" + MARKER,
    "/v1/requests/",
    "/v1/responses/",
    "/health/live",
    "/metrics",
    "/",
    "/v1/" + MARKER,
    "/v1/../v1/models",
    "/%2e%2e/%00",
    "/v1/files/" + MARKER,
    "/v1/files/file-1/content",
    "/v1/batches/batch_1/cancel",
    "/v1/batches?after=%00&limit=1e9",
    "/v1/files?limit=-1&purpose=" + MARKER,
    "*",
    "http://127.0.0.1/v1/models",
    "//",
    "/v1/%zz",
    "/v1/chat/completions%00",
    "/" + "a/".repeat(200),
    "/v1/requests/x/events"
  };

  private static final String[] IDS = {
    "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "0",
    MARKER,
    "..",
    "%00",
    "01ARZ3NDEKTSV4RRFFQ69G5FAV%0d%0a",
    "resp_01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "x".repeat(1_000),
    "8ZZZZZZZZZZZZZZZZZZZZZZZZZ",
    "é",
    "{}",
    "01ARZ3NDEKTSV4RRFFQ69G5FAV/events",
    "/",
    "01ARZ3NDEKTSV4RRFFQ69G5FAV?wait=1e9"
  };

  private static final String[] METHODS = {
    "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "FOO", "get", "CONNECT"
  };

  private static final String[] HEADERS = {
    "x-weir-deadline-ms: -1",
    "x-weir-deadline-ms: 1e9",
    "x-weir-deadline-ms: 99999999999999999999",
    "x-weir-deadline-ms: 1",
    "x-weir-resume: 1ns",
    "x-weir-resume: forever",
    "x-weir-callback: file:///etc/passwd",
    "x-weir-callback: http://127.0.0.1:1/" + MARKER,
    "Last-Event-ID: 1.2.3",
    "Last-Event-ID: " + MARKER,
    "Prefer: respond-async",
    "Prefer: " + "respond-async;".repeat(50),
    "Prefer: ,,;=,",
    "traceparent: 00-zz-" + MARKER,
    "traceparent: " + "0".repeat(300),
    "x-weir-session: " + MARKER,
    "x-weir-session: \u00ff\u00fe",
    "Idempotency-Key: " + "k".repeat(300),
    "Idempotency-Key: ",
    "Content-Type: text/plain",
    "Content-Type: application/json; charset=utf-16",
    "Content-Type: \"",
    "Accept: text/plain",
    "Expect: 100-continue",
    "Expect: 200-" + MARKER,
    "Content-Encoding: gzip",
    "Upgrade: h2c",
    "Connection: close",
    "Connection: keep-alive, x-weir-session",
    "Host: " + MARKER,
    "Host: ",
    "Range: bytes=0-,-1",
    "Cookie: " + "c=1; ".repeat(100),
    "X-Forwarded-For: " + MARKER,
    "Authorization: Bearer",
    "Authorization: Basic !!!",
    "Authorization: Bearer " + MARKER,
    "Authorization: " + "B".repeat(2_000),
    "x-request-id: " + MARKER
  };

  /** Lines that are no headers; what follows on the connection cannot be told from them. */
  private static final String[] BAD_HEADERS = {
    "No colon here",
    ": no name",
    "Na me: x",
    "X-Nul: a\u0000b",
    "X-Cr: a\rb",
    "X-Lf: a\nb",
    "X-Fold: a\r\n  folded " + MARKER,
    "Content-Length: -1",
    "Content-Length: 1e3",
    "Content-Length: 5, 6",
    "Content-Length: 99999999999999999999",
    "Content-Length: +3",
    "Content-Length: 3\r\nContent-Length: 4",
    "Transfer-Encoding: chunked\r\nContent-Length: 4",
    "Transfer-Encoding: gzip, chunked",
    "Transfer-Encoding: identity",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    "Transfer-Encoding: xchunked",
    "\u0000\u0001\u0002",
    "X-Huge: " + "h".repeat(20_000),
    "X-Many: 1\r\n".repeat(2_000) + "X: 1"
  };

  private static final String[] CHUNKS = {
    "zz\r\n",
    "7fffffffffffffff\r\nx",
    "-1\r\n",
    "5\r\nabc",
    "3\r\nabcdef\r\n0\r\n\r\n",
    "\r\n",
    "5;ext=\"" + MARKER + "\r\nhello\r\n0\r\n\r\n",
    "0\r\nTrailer: " + MARKER,
    "1\nx\n0\n\n",
    "ffffffff\r\n",
    "5\r\nhello\r\n5\r\nworl"
  };

  private HostileRequests() {}

  /** A request that is whole as HTTP goes, so that another may follow it. */
  static final class Whole {
    private final byte[] bytes;
    private final boolean isHead;

    /**
     * @param isHead whether its answer has no body
     */
    Whole(byte[] bytes, boolean isHead) {
      this.bytes = bytes;
      this.isHead = isHead;
    }

    byte[] bytes() {
      return bytes;
    }

    boolean isHead() {
      return isHead;
    }
  }

  static Whole whole(SplittableRandom random) {
    String method = random.nextInt(4) == 0 ? pick(random, METHODS) : "POST";
    String path =
        switch (random.nextInt(8)) {
          case 0, 1, 2, 3 -> PATHS[random.nextInt(6)];
          case 4, 5 ->
              pick(
                      random,
                      new String[] {
                        "/v1/requests/",
                        "/v1/responses/",
                        "/v1/files/",
                        "/v1/batches/",
                        "/v1/models/"
                      })
                  + pick(random, IDS);
          default -> pick(random, PATHS);
        };
    boolean form = path.startsWith("/v1/files") && random.nextBoolean();
    String boundary = form ? pick(random, new String[] {"b", "x".repeat(70), "--", "a b"}) : "";
    byte[] body = form ? HostileBodies.multipart(random, boundary) : HostileBodies.next(random);
    StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: x\r\n");
    if (random.nextInt(10) != 0) {
      head.append("Authorization: Bearer ").append(KEY).append("\r\n");
    }
    head.append("Content-Type: ")
        .append(form ? "multipart/form-data; boundary=" + boundary : "application/json")
        .append("\r\n");
    for (int i = random.nextInt(3) - 1; i > 0; i--) {
      head.append(pick(random, HEADERS)).append("\r\n");
    }
    byte[] framed = body;
    if (random.nextInt(4) == 0) {
      head.append("Transfer-Encoding: chunked\r\n");
      framed = chunked(random, body);
    } else {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    return new Whole(join(head + "\r\n", framed), method.equals("HEAD"));
  }

  /** Bytes after which the connection is of no more use. */
  static byte[] broken(SplittableRandom random) {
    String post =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
            + KEY
            + "\r\nContent-Type: application/json\r\n";
    byte[] body = HostileBodies.next(random);
    return switch (random.nextInt(7)) {
      case 0 -> HostileBodies.bytes(random, 1 + random.nextInt(400));
      case 1 ->
          join(
              pick(
                      random,
                      new String[] {
                        "GET",
                        "",
                        "POST  ",
                        "\u0000",
                        "GET /" + MARKER + " HTTP/9.9",
                        "GET / HTTP/1.0",
                        "PRI * HTTP/2.0",
                        "GET /" + "x".repeat(9_000) + " HTTP/1.1",
                        "GET  HTTP/1.1",
                        "\r\n\r\n\r\nGET"
                      })
                  + "\r\n\r\n",
              body);
      case 2, 3 -> join(post + pick(random, BAD_HEADERS) + "\r\n\r\n", body);
      case 4 ->
          join(
              post + "Transfer-Encoding: chunked\r\n\r\n",
              pick(random, CHUNKS).getBytes(ISO_8859_1));
      case 5 ->
          join(
              post + "Content-Length: " + (body.length + 1 + random.nextInt(50_000)) + "\r\n\r\n",
              body);
      default -> cut(random, join(post + "Content-Length: " + body.length + "\r\n\r\n", body));
    };
  }

  private static byte[] cut(SplittableRandom random, byte[] whole) {
    return java.util.Arrays.copyOf(whole, 1 + random.nextInt(whole.length - 1));
  }

  private static byte[] chunked(SplittableRandom random, byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + 64);
    int at = 0;
    while (at < body.length) {
      int length = Math.min(body.length - at, 1 + random.nextInt(2_000));
      out.writeBytes((Integer.toHexString(length) + "\r\n").getBytes(ISO_8859_1));
      out.write(body, at, length);
      out.writeBytes("\r\n".getBytes(ISO_8859_1));
      at += length;
    }
    out.writeBytes("0\r\n\r\n".getBytes(ISO_8859_1));
    return out.toByteArray();
  }

  private static byte[] join(String head, byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(head.length() + body.length);
    out.writeBytes(head.getBytes(ISO_8859_1));
    out.writeBytes(body);
    return out.toByteArray();
  }
}
