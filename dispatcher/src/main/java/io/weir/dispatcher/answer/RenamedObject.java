package io.weir.dispatcher.answer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Puts Weir's fields in place of the engine's into a response that comes as one JSON object, piece
 * by piece: values of top-level fields that are strings or literals. All other bytes stay as they
 * are. Where pieces begin and end makes no difference, and no more than a field's name is held.
 */
final class RenamedObject {
  private static final int LONGEST_NAME = 32;

  private enum At {
    ELSEWHERE,
    /** A string has ended that may be a field's name. */
    AFTER_NAME,
    BEFORE_VALUE,
    /** Within a string that is left out. */
    STRING,
    /** Within another value that is left out. */
    LITERAL
  }

  private final ResponseFields fields;
  private final StringBuilder name = new StringBuilder(LONGEST_NAME);
  private At at = At.ELSEWHERE;
  private int depth;
  private boolean inString;
  private boolean escaped;

  RenamedObject(ResponseFields fields) {
    this.fields = fields;
  }

  /** A piece of the object as it is to be passed on. */
  byte[] accept(byte[] bytes, int offset, int count) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(count + 64);
    for (int i = offset; i < offset + count; i++) {
      if (isKept(bytes[i], out)) {
        out.write(bytes[i]);
      }
    }
    return out.toByteArray();
  }

  private boolean isKept(byte value, ByteArrayOutputStream out) {
    if (inString || at == At.STRING) {
      return string(value);
    }
    if (at == At.LITERAL) {
      if (!endsLiteral(value)) {
        return false;
      }
      at = At.ELSEWHERE;
    }
    switch (value) {
      case ' ', '\t', '\r', '\n' -> {
        // Between a name and its value as well.
      }
      case '"' -> {
        if (at == At.BEFORE_VALUE) {
          return replaced(At.STRING, out);
        }
        inString = true;
        name.setLength(0);
        at = At.ELSEWHERE;
      }
      case ':' -> at = at == At.AFTER_NAME && isReplaced() ? At.BEFORE_VALUE : At.ELSEWHERE;
      case '{', '[' -> {
        depth++;
        at = At.ELSEWHERE;
      }
      case '}', ']' -> {
        depth--;
        at = At.ELSEWHERE;
      }
      case ',' -> at = At.ELSEWHERE;
      default -> {
        if (at == At.BEFORE_VALUE) {
          return replaced(At.LITERAL, out);
        }
      }
    }
    return true;
  }

  private boolean isReplaced() {
    return depth == 1 && fields.of(name.toString()).isPresent();
  }

  private boolean replaced(At within, ByteArrayOutputStream out) {
    at = within;
    out.writeBytes(fields.of(name.toString()).orElseThrow().getBytes(StandardCharsets.UTF_8));
    return false;
  }

  /** A byte of a string after its opening quote; false if the string is left out. */
  private boolean string(byte value) {
    if (escaped) {
      escaped = false;
    } else if (value == '\\') {
      escaped = true;
    } else if (value == '"') {
      boolean leftOut = at == At.STRING;
      inString = false;
      at = leftOut ? At.ELSEWHERE : At.AFTER_NAME;
      return !leftOut;
    }
    if (inString && name.length() < LONGEST_NAME) {
      // Names with escapes are none that are looked for.
      name.append((char) (value & 0xff));
    }
    return inString;
  }

  private static boolean endsLiteral(byte value) {
    return switch (value) {
      case ' ', '\t', '\r', '\n', ',', '}', ']' -> true;
      default -> false;
    };
  }
}
