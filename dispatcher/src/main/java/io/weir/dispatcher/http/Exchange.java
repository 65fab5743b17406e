package io.weir.dispatcher.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One request and its answer. Used by one thread, in the order of its methods; only {@link #abort}
 * may be called by another.
 */
public final class Exchange implements AutoCloseable {
  /** Up to here one write of a copy is cheaper than two writes. */
  private static final int JOINED_BYTES = 16 * 1024;

  private final EngineConnections owner;
  private final Endpoint endpoint;
  private final Connection connection;
  private final ReentrantLock lock = new ReentrantLock();
  private BodyReader body;
  private boolean keepAlive;
  private boolean over;

  Exchange(EngineConnections owner, Endpoint endpoint, Connection connection) {
    this.owner = owner;
    this.endpoint = endpoint;
    this.connection = connection;
  }

  /** Begins a request's header. */
  public RequestHead head(String method, String path) {
    return new RequestHead(method, endpoint.basePath() + path, endpoint.authority());
  }

  /**
   * Sends a request with a body.
   *
   * @param content from an array; its position stays
   */
  public void send(RequestHead head, ByteBuffer content) throws IOException {
    head.header("Content-Length", Integer.toString(content.remaining()));
    byte[] first = head.end();
    OutputStream output = connection.output();
    int offset = content.arrayOffset() + content.position();
    if (first.length + content.remaining() <= JOINED_BYTES) {
      byte[] joined = new byte[first.length + content.remaining()];
      System.arraycopy(first, 0, joined, 0, first.length);
      System.arraycopy(content.array(), offset, joined, first.length, content.remaining());
      output.write(joined);
    } else {
      output.write(first);
      output.write(content.array(), offset, content.remaining());
    }
    output.flush();
  }

  /** Sends a request without a body. */
  public void send(RequestHead head) throws IOException {
    connection.output().write(head.end());
    connection.output().flush();
  }

  /**
   * Waits for the answer's header.
   *
   * @throws BadAnswerException if it is not HTTP/1.1
   * @throws EOFException if the connection ends instead
   */
  public ResponseHeader readHeader() throws IOException {
    HeaderReader.Result result = HeaderReader.read(connection.input());
    body = new BodyReader(connection.input(), result.framing());
    keepAlive = result.keepAlive();
    return result.header();
  }

  /**
   * Waits for more of the body. The bytes lie in {@link #array} from {@link #offset} on until the
   * next call.
   *
   * @return how many, at least 1, or -1 at the end of the body
   * @throws EOFException if the connection ends before the body does
   * @throws BadAnswerException if the body is not framed as HTTP/1.1 says
   */
  public int next() throws IOException {
    return body.next();
  }

  public byte[] array() {
    return connection.input().array();
  }

  public int offset() {
    return connection.input().position();
  }

  /** Ends the exchange from any thread; a method that waits on it throws. */
  public void abort() {
    lock.lock();
    try {
      if (!over) {
        over = true;
        connection.close();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Keeps the connection for another request if the body was read to its end, and closes it else.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      if (over) {
        return;
      }
      over = true;
    } finally {
      lock.unlock();
    }
    if (keepAlive && body.finished()) {
      owner.giveBack(connection);
    } else {
      connection.close();
    }
  }
}
