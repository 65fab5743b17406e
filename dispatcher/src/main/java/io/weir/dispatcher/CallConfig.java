package io.weir.dispatcher;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;
import java.time.Duration;

/**
 * How long engines may take.
 *
 * @param connectTimeout to make a connection
 * @param firstToken from sending a streamed request to its first event
 * @param tokenGap between two events of a stream; there is no limit on the whole
 * @param wholeAnswer for an answer that is not streamed
 */
public record CallConfig(
    @Default("1s") Duration connectTimeout,
    @Default("60s") Duration firstToken,
    @Default("30s") Duration tokenGap,
    @Default("10m") Duration wholeAnswer) {
  public CallConfig {
    positive("connect-timeout", connectTimeout);
    positive("first-token", firstToken);
    positive("token-gap", tokenGap);
    positive("whole-answer", wholeAnswer);
  }

  private static void positive(String key, Duration value) {
    if (value.toMillis() < 1) {
      throw new ConfigException(key, "must be at least 1ms");
    }
  }
}
