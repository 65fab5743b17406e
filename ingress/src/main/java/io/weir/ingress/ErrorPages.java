package io.weir.ingress;

import com.github.f4b6a3.ulid.Ulid;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import io.weir.ingress.connection.ClientConnection;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/** Gives the errors that the HTTP server finds itself the same shape as all others. */
final class ErrorPages implements DirectHandler {
  private static final int HEADERS_TOO_LARGE = 431;

  private final IngressLimits limits;

  private ErrorPages(IngressLimits limits) {
    this.limits = limits;
  }

  /**
   * All kinds of them.
   *
   * @param limits what they name
   */
  static DirectHandlers all(IngressLimits limits) {
    ErrorPages pages = new ErrorPages(limits);
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    for (EventType type : EventType.values()) {
      handlers.addHandler(type, pages);
    }
    return handlers.build();
  }

  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType eventType,
      Status defaultStatus,
      ServerResponseHeaders responseHeaders,
      String message) {
    ClientConnection connection = ClientConnection.current();
    connection.linger();
    String id = Ulid.fast().toString();
    ApiError error = error(defaultStatus.code(), request, message == null ? "" : message);
    return TransportResponse.builder()
        .status(Responses.status(error.status()))
        .headers(responseHeaders)
        .header(Responses.JSON)
        .header(Responses.REQUEST_ID, id)
        .header(HeaderValues.CONNECTION_CLOSE)
        .keepAlive(false)
        .entity(ErrorJson.of(error, id))
        .build();
  }

  private ApiError error(int status, TransportRequest request, String message) {
    return switch (status) {
      case 400 -> malformed(request, message);
      case 413 ->
          JobPaths.isBelow(JobPaths.FILES, request.path())
              ? FileUpload.tooLarge(limits.file().bytes())
              : RequestBody.tooLarge(limits.body().toIntBytes()).error();
      case 414 -> ApiError.invalid(414, "uri_too_long", "The request's path is too long.");
      case 501 ->
          ApiError.invalid(
              501,
              "transfer_encoding_not_supported",
              "The only Transfer-Encoding here is chunked.");
      case 505 ->
          ApiError.invalid(505, "http_version_not_supported", "Only HTTP/1.1 is spoken here.");
      default -> {
        if (status < 500) {
          yield ApiError.invalid(status, "malformed_http", sentence(message));
        }
        // What fails before there is a path is the request's first line.
        yield request.path().isEmpty()
            ? ApiError.invalid(400, "malformed_http", sentence(""))
            : ApiError.failed(
                500,
                "The ingress failed on this request.",
                new ApiError.Weir("internal_error", false, true, 0, 0, OptionalLong.empty()));
      }
    };
  }

  private ApiError malformed(TransportRequest request, String message) {
    if (ClientConnection.current().isInHeadersAfter(limits.headers().bytes())) {
      return ApiError.invalid(
          HEADERS_TOO_LARGE,
          "headers_too_large",
          "The request's headers exceed the limit of " + limits.headers().bytes() + " bytes.");
    }
    if (request.headers().contains(HeaderNames.CONTENT_ENCODING)) {
      return ApiError.invalid(
          415, "unsupported_media_type", "Send the body as it is, without Content-Encoding.");
    }
    return ApiError.invalid(400, "malformed_http", sentence(message));
  }

  private static String sentence(String message) {
    return message.isBlank() || message.contains("server log")
        ? "This is not a well-formed HTTP/1.1 request."
        : "This is not a well-formed HTTP/1.1 request: " + message;
  }

  /** The whole response for a client that takes too long to send its request. */
  static byte[] slowRequest() {
    byte[] body =
        ErrorJson.of(
            ApiError.invalid(408, "request_timeout", "The request took too long to arrive."),
            Ulid.fast().toString());
    String head =
        "HTTP/1.1 408 Request Timeout\r\nContent-Type: application/json\r\nConnection: close\r\n"
            + "Content-Length: "
            + body.length
            + "\r\n\r\n";
    byte[] headBytes = head.getBytes(StandardCharsets.US_ASCII);
    byte[] whole = new byte[headBytes.length + body.length];
    System.arraycopy(headBytes, 0, whole, 0, headBytes.length);
    System.arraycopy(body, 0, whole, headBytes.length, body.length);
    return whole;
  }
}
