package io.weir.sim;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Set;

/** HTTP/1.1 over connections that handlers can watch. */
final class WatchableHttp1 implements ServerConnectionSelector {
  private final Http1ConnectionSelector http1;

  WatchableHttp1(Http1Config config) {
    http1 = Http1ConnectionSelector.builder().config(config).build();
  }

  @Override
  public int bytesToIdentifyConnection() {
    return http1.bytesToIdentifyConnection();
  }

  @Override
  public Support supports(BufferData data) {
    return http1.supports(data);
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return http1.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    ClientConnection client = new ClientConnection(context);
    return new Watchable(client, http1.connection(client));
  }

  private record Watchable(ClientConnection client, ServerConnection delegate)
      implements ServerConnection {
    @Override
    public void handle(Limit limit) throws InterruptedException {
      client.enter();
      try {
        delegate.handle(limit);
      } finally {
        ClientConnection.leave();
      }
    }

    @Override
    public Duration idleTime() {
      return delegate.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
      delegate.close(interrupt);
    }
  }
}
