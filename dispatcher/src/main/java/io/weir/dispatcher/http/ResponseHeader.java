package io.weir.dispatcher.http;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Status and the headers Weir uses.
 *
 * @param status HTTP status, 200 to 599
 * @param contentType as sent; empty if absent
 * @param contentLength in bytes, where the engine said it and the body is not chunked
 * @param contentEncoding empty if the body is plain
 * @param retryAfter as sent: seconds or a date
 */
public record ResponseHeader(
    int status,
    String contentType,
    OptionalLong contentLength,
    Optional<String> contentEncoding,
    Optional<String> retryAfter) {
  /** True if the body is JSON by its media type. */
  public boolean isJson() {
    String type = mediaType();
    return type.equals("application/json") || type.endsWith("+json");
  }

  /** True if the body is a stream of server-sent events by its media type. */
  public boolean isEventStream() {
    return mediaType().equals("text/event-stream");
  }

  private String mediaType() {
    int semicolon = contentType.indexOf(';');
    return (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
        .strip()
        .toLowerCase(Locale.ROOT);
  }
}
