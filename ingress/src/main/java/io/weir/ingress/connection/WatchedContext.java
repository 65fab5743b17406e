package io.weir.ingress.connection;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/**
 * Helidon's context of a connection, with reads and writes going through {@link ClientConnection}.
 */
final class WatchedContext implements ConnectionContext {
  private final ConnectionContext context;
  private final DataReader reader;
  private final DataWriter writer;

  WatchedContext(ConnectionContext context, ClientConnection connection) {
    this.context = context;
    this.reader = DataReader.create(connection::read);
    this.writer = new WatchedWriter(context.dataWriter(), connection);
  }

  @Override
  public DataReader dataReader() {
    return reader;
  }

  @Override
  public DataWriter dataWriter() {
    return writer;
  }

  @Override
  public ListenerContext listenerContext() {
    return context.listenerContext();
  }

  @Override
  public ExecutorService executor() {
    return context.executor();
  }

  @Override
  public Router router() {
    return context.router();
  }

  @Override
  public Optional<ProxyProtocolData> proxyProtocolData() {
    return context.proxyProtocolData();
  }

  @Override
  public HelidonSocket serverSocket() {
    return context.serverSocket();
  }

  @Override
  public PeerInfo remotePeer() {
    return context.remotePeer();
  }

  @Override
  public PeerInfo localPeer() {
    return context.localPeer();
  }

  @Override
  public boolean isSecure() {
    return context.isSecure();
  }

  @Override
  public String socketId() {
    return context.socketId();
  }

  @Override
  public String childSocketId() {
    return context.childSocketId();
  }

  private record WatchedWriter(DataWriter writer, ClientConnection connection)
      implements DataWriter {
    @Override
    public void write(BufferData... buffers) {
      connection.writing();
      writer.write(buffers);
      connection.written();
    }

    @Override
    public void write(BufferData buffer) {
      connection.writing();
      writer.write(buffer);
      connection.written();
    }

    @Override
    public void writeNow(BufferData... buffers) {
      connection.writing();
      writer.writeNow(buffers);
      connection.written();
    }

    @Override
    public void writeNow(BufferData buffer) {
      connection.writing();
      writer.writeNow(buffer);
      connection.written();
    }

    @Override
    public void flush() {
      writer.flush();
    }

    @Override
    public void close() {
      writer.close();
    }
  }
}
