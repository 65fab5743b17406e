package io.weir.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.SplittableRandom;

/** Bodies that no honest client sends, each with a marker that must be seen nowhere else. */
final class HostileBodies {
  /** What stands for the content of prompts. */
  static final String MARKER = "zq7-prompt-content-zq7";

  private static final String[] FIELDS = {
    "model", "messages", "prompt", "stream", "n", "max_tokens", "max_completion_tokens",
    "service_tier", "input", "metadata", "tools", "stream_options", "store", "background",
    "previous_response_id", "user", "input_file_id", "endpoint", "completion_window", "\u0000", ""
  };

  private static final String[] NUMBERS = {
    "1e999999999",
    "-1e999999999",
    "9".repeat(400),
    "0." + "0".repeat(300) + "1",
    "-0",
    "01",
    "+1",
    ".5",
    "5.",
    "1e",
    "0x10",
    "NaN",
    "Infinity",
    "9223372036854775808",
    "-9223372036854775809",
    "2147483648",
    "1e2147483648",
    "-1",
    "1.5",
    "1_000"
  };

  private static final String[] STRINGS = {
    "\"\\ud800\"",
    "\"\\x41\"",
    "\"\u0000\"",
    "\"\\u0000\"",
    "\"unclosed",
    "'single'",
    "\"\n\"",
    "\"../../etc/passwd\"",
    "\"${jndi:ldap://127.0.0.1/x}\"",
    "\"<script>alert(1)</script>\"",
    "\"%s%n%x\"",
    "\"llama\\u0000\"",
    "\"'; DROP TABLE requests;--\""
  };

  private static final String VALID =
      "{\"model\":\"llama\",\"max_tokens\":4,\"messages\":[{\"role\":\"user\",\"content\":\""
          + MARKER
          + "\"}]}";

  private HostileBodies() {}

  static byte[] next(SplittableRandom random) {
    return switch (random.nextInt(12)) {
      case 0 -> bytes(random, random.nextInt(600));
      case 1 -> deep(random).getBytes(UTF_8);
      case 2 -> object(random, NUMBERS).getBytes(UTF_8);
      case 3 -> object(random, STRINGS).getBytes(UTF_8);
      case 4 -> wrongType(random).getBytes(UTF_8);
      case 5 -> truncated(random).getBytes(UTF_8);
      case 6 -> mutated(random);
      case 7 -> repeated(random).getBytes(UTF_8);
      case 8 ->
          (VALID + pick(random, new String[] {"{}", ",", "]", "\u0000", VALID})).getBytes(UTF_8);
      case 9 ->
          pick(
                  random,
                  new String[] {"", " ", "null", "true", "7", "\"" + MARKER + "\"", "[]", "{}"})
              .getBytes(UTF_8);
      case 10 ->
          VALID.getBytes(
              random.nextBoolean()
                  ? java.nio.charset.StandardCharsets.UTF_16
                  : java.nio.charset.StandardCharsets.UTF_16LE);
      default -> wide(random).getBytes(UTF_8);
    };
  }

  /** One of the lines of a multipart body that promises a file. */
  static byte[] multipart(SplittableRandom random, String boundary) {
    String part =
        "--"
            + boundary
            + "\r\nContent-Disposition: form-data; name=\""
            + pick(
                random,
                new String[] {
                  "purpose", "file", "x".repeat(500), "", "file\"; filename=\"" + MARKER
                })
            + "\"\r\n\r\n"
            + pick(random, new String[] {"batch", MARKER, "\u0000\u0001", "x".repeat(3_000)})
            + "\r\n";
    String body =
        switch (random.nextInt(5)) {
          case 0 -> part.repeat(1 + random.nextInt(4)) + "--" + boundary + "--\r\n";
          case 1 -> part;
          case 2 -> part.replace("\r\n", "\n") + "--" + boundary + "--";
          case 3 -> "--" + boundary + "--\r\n" + MARKER;
          default -> part.substring(0, random.nextInt(part.length()));
        };
    return body.getBytes(UTF_8);
  }

  static byte[] bytes(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    byte[] marker = MARKER.getBytes(ISO_8859_1);
    if (length > marker.length) {
      System.arraycopy(marker, 0, bytes, length - marker.length, marker.length);
    }
    return bytes;
  }

  static <T> T pick(SplittableRandom random, T[] of) {
    return of[random.nextInt(of.length)];
  }

  private static String deep(SplittableRandom random) {
    int depth = 1 << random.nextInt(4, 14);
    String open = random.nextBoolean() ? "[" : "{\"a\":";
    String inner = "{\"model\":\"llama\",\"" + MARKER + "\":" + open.repeat(depth);
    return random.nextBoolean()
        ? inner
        : inner + "1" + (open.equals("[") ? "]" : "}").repeat(depth) + "}";
  }

  private static String object(SplittableRandom random, String[] values) {
    return "{\"model\":\"llama\",\"user\":\""
        + MARKER
        + "\",\""
        + pick(random, FIELDS)
        + "\":"
        + pick(random, values)
        + "}";
  }

  private static String wrongType(SplittableRandom random) {
    String[] types = {
      "null",
      "true",
      "7",
      "[]",
      "{}",
      "[[" + "1,".repeat(50) + "1]]",
      "\"" + MARKER + "\"",
      "{\"a\":{\"b\":[]}}"
    };
    StringBuilder body = new StringBuilder("{\"user\":\"" + MARKER + "\"");
    for (String field : FIELDS) {
      if (random.nextInt(3) == 0) {
        body.append(",\"").append(field).append("\":").append(pick(random, types));
      }
    }
    return body + "}";
  }

  private static String truncated(SplittableRandom random) {
    return VALID.substring(0, random.nextInt(VALID.length()));
  }

  private static byte[] mutated(SplittableRandom random) {
    byte[] body = VALID.getBytes(UTF_8);
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      body[random.nextInt(body.length)] = (byte) random.nextInt(256);
    }
    return body;
  }

  private static String repeated(SplittableRandom random) {
    return "{"
        + ("\"" + pick(random, FIELDS) + "\":\"llama\",").repeat(1 + random.nextInt(300))
        + "\"user\":\""
        + MARKER
        + "\"}";
  }

  private static String wide(SplittableRandom random) {
    return "{\"model\":\"llama\",\"messages\":["
        + "{\"role\":\"user\",\"content\":\""
            .concat(MARKER)
            .concat("\"},")
            .repeat(random.nextInt(400))
        + "7]}";
  }
}
