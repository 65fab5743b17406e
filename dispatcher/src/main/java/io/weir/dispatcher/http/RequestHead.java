package io.weir.dispatcher.http;

import java.nio.charset.StandardCharsets;

/** Builds the header of a request. Control characters in values become spaces. */
public final class RequestHead {
  private final StringBuilder text = new StringBuilder(256);

  RequestHead(String method, String target, String authority) {
    text.append(method).append(' ');
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      // A space or line break would end the target and begin something else.
      text.append(c <= ' ' || c >= 0x7f ? '_' : c);
    }
    text.append(" HTTP/1.1\r\n");
    header("Host", authority);
  }

  /** Adds a header. */
  public RequestHead header(String name, String value) {
    text.append(name).append(": ");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      text.append(c < ' ' || c == 0x7f ? ' ' : c);
    }
    text.append("\r\n");
    return this;
  }

  byte[] end() {
    return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
