package io.weir.launcher.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;

/** Sorts failures into few kinds, so that a report can count them. */
final class FailureKind {
  static final String CUT = "stream cut before [DONE]";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_REASON = 60;

  private FailureKind() {}

  /** The kind of an error status, with the reason its body gives. */
  static String ofStatus(int status, String body) {
    String reason = reason(body);
    return "HTTP " + status + (reason.isEmpty() ? "" : " " + reason);
  }

  /** The kind of an error that came in a stream. */
  static String inStream(String data) {
    String reason = reason(data);
    return "error in the stream" + (reason.isEmpty() ? "" : ": " + reason);
  }

  /** The kind of a failed exchange. */
  static String of(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case SocketTimeoutException e -> {
          return "timeout";
        }
        case ConnectException e -> {
          return "connection refused";
        }
        case UnknownHostException e -> {
          return "unknown host";
        }
        case UnresolvedAddressException e -> {
          return "unknown host";
        }
        case SSLException e -> {
          return "TLS error";
        }
        case SocketException e -> {
          return "connection reset";
        }
        default -> {}
      }
    }
    return "connection broken (" + root(failure).getClass().getSimpleName() + ")";
  }

  private static Throwable root(Throwable failure) {
    return failure.getCause() == null ? failure : root(failure.getCause());
  }

  private static String reason(String body) {
    try {
      JsonNode error = JSON.readTree(body).path("error");
      for (JsonNode candidate :
          new JsonNode[] {
            error.path("weir").path("reason"), error.path("code"), error.path("type")
          }) {
        if (candidate.isTextual() && !candidate.textValue().isBlank()) {
          return shortened(candidate.textValue());
        }
      }
      return "";
    } catch (JsonProcessingException e) {
      return "without a JSON body";
    }
  }

  private static String shortened(String reason) {
    return reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON);
  }
}
