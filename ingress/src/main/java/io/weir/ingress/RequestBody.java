package io.weir.ingress;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.HeaderNames;
import io.helidon.http.RequestException;
import io.helidon.webserver.http.ServerRequest;
import io.weir.ingress.memory.MemoryBudget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A request's body in memory, within a budget for all of them. Memory is taken as bytes arrive, so
 * that a client that announces much and sends nothing holds nothing.
 */
final class RequestBody implements AutoCloseable {
  /** A body that was announced to be shorter than this is received in place. */
  private static final int SEGMENT = 256 << 10;

  private static final int TOO_LARGE = 413;
  private static final int FIRST_UNKNOWN = 8 << 10;
  private static final long RETRY_MILLIS = 1_000;

  private final ByteBuffer bytes;
  private final long taken;
  private final MemoryBudget budget;

  private RequestBody(ByteBuffer bytes, long taken, MemoryBudget budget) {
    this.bytes = bytes;
    this.taken = taken;
    this.budget = budget;
  }

  /**
   * Receives a body.
   *
   * @param limit largest body in bytes
   * @throws RefusedException with 413 if it is larger, with 503 if the budget is used up
   * @throws IOException if the client breaks off
   */
  static RequestBody receive(ServerRequest request, int limit, MemoryBudget budget)
      throws RefusedException, IOException {
    OptionalLong announced = request.headers().contentLength();
    if (announced.isEmpty() && !request.headers().contains(HeaderNames.TRANSFER_ENCODING)) {
      return new RequestBody(ByteBuffer.allocate(0), 0, budget);
    }
    if (announced.orElse(0) > limit) {
      throw tooLarge(limit);
    }
    Receiver receiver = new Receiver(limit, budget);
    try {
      return receiver.run(request.content().inputStream(), announced);
    } catch (RequestException e) {
      budget.giveBack(receiver.taken);
      throw e.status().code() == TOO_LARGE ? tooLarge(limit) : malformed();
    } catch (NumberFormatException | DataReader.IncorrectNewLineException e) {
      // What the HTTP server throws for a chunk whose size is no number or has no line end.
      budget.giveBack(receiver.taken);
      throw malformed();
    } catch (RefusedException | IOException | RuntimeException e) {
      budget.giveBack(receiver.taken);
      throw e;
    }
  }

  private static RefusedException malformed() {
    return new RefusedException(
        ApiError.invalid(400, "malformed_http", "The request body is not in well-formed chunks."));
  }

  static RefusedException tooLarge(int limit) {
    return new RefusedException(
        ApiError.invalid(
            413,
            "request_too_large",
            "The request body exceeds the limit of " + limit + " bytes."));
  }

  /** The body: a part of an array. */
  ByteBuffer bytes() {
    return bytes;
  }

  /** Gives the memory back; the bytes must not be used any more. */
  @Override
  public void close() {
    budget.giveBack(taken);
  }

  /** One body on its way in. */
  private static final class Receiver {
    private final int limit;
    private final MemoryBudget budget;
    private final List<byte[]> full = new ArrayList<>();
    private long taken;

    Receiver(int limit, MemoryBudget budget) {
      this.limit = limit;
      this.budget = budget;
    }

    RequestBody run(InputStream in, OptionalLong announced) throws RefusedException, IOException {
      int size = (int) Math.min(announced.orElse(FIRST_UNKNOWN), SEGMENT);
      byte[] segment = segment(Math.max(size, 1));
      long total = 0;
      int filled = 0;
      while (true) {
        int read = in.read(segment, filled, segment.length - filled);
        if (read < 0) {
          break;
        }
        filled += read;
        total += read;
        if (total > limit) {
          throw tooLarge(limit);
        }
        if (filled == segment.length && (announced.isEmpty() || total < announced.getAsLong())) {
          full.add(segment);
          segment = segment(SEGMENT);
          filled = 0;
        } else if (filled == segment.length) {
          break;
        }
      }
      drain(in);
      return new RequestBody(assemble(segment, filled, (int) total), taken, budget);
    }

    /** Reads the end of the stream, so that the connection can take another request. */
    private static void drain(InputStream in) throws IOException {
      if (in.read() >= 0) {
        throw new IOException("The body goes on after its announced length");
      }
    }

    private ByteBuffer assemble(byte[] last, int filled, int total) throws RefusedException {
      if (full.isEmpty()) {
        return ByteBuffer.wrap(last, 0, filled);
      }
      byte[] whole = segment(total);
      int at = 0;
      for (byte[] segment : full) {
        System.arraycopy(segment, 0, whole, at, segment.length);
        at += segment.length;
      }
      System.arraycopy(last, 0, whole, at, filled);
      return ByteBuffer.wrap(whole);
    }

    private byte[] segment(int size) throws RefusedException {
      if (!budget.take(size)) {
        throw new RefusedException(
            ApiError.unavailable(
                "overloaded", "Too many large requests are being received.", RETRY_MILLIS));
      }
      taken += size;
      return new byte[size];
    }
  }
}
