package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.dispatcher.answer.AnswerLimits;
import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Configs;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DispatcherConfigTest {
  @Test
  void defaults() {
    assertThat(Configs.defaults(DispatcherConfig.class).toString())
        .isEqualTo(
            "DispatcherConfig[host=127.0.0.1, port=0, member=Optional.empty, drainTimeout=PT3S,"
                + " lanes=LaneConfig[drain=PT2S, readyBytes=16MiB, pollRecords=64,"
                + " fetchWait=PT0.02S, fetchBytes=16MiB, partitionFetchBytes=1MiB,"
                + " commitInterval=PT0.1S, unclaimed=4096],"
                + " calls=CallConfig[connectTimeout=PT1S, firstToken=PT1M, tokenGap=PT30S,"
                + " wholeAnswer=PT10M],"
                + " answers=AnswerLimits[chunk=256KiB, streamChunk=64KiB, coalesce=PT0.02S,"
                + " event=1MiB],"
                + " health=HealthConfig[interval=PT0.5S, timeout=PT2S, failures=2, successes=2],"
                + " retries=RetryPolicy[max=2, budget=0.2, floor=3.0, base=PT0.025S, cap=PT1S,"
                + " longestPause=PT5S],"
                + " outliers=OutlierPolicy[failures=5, latency=8.0, latencyFloor=PT2S, base=PT1S,"
                + " cap=PT1M, most=0.5],"
                + " hedges=HedgePolicy[quantile=0.95, samples=20, least=PT0.05S],"
                + " order=ClassShares[floor=0.05, standard=16.0, flex=4.0, batch=1.0],"
                + " limit=LimitPolicy[headroom=0.9, prefillIterations=1.25, smoothing=0.2,"
                + " least=4],"
                + " preempt=false]");
  }

  @ParameterizedTest
  @CsvSource({"poll-records,0", "unclaimed,0", "ready-bytes,0B", "fetch-wait,0ms"})
  void lanesThatCannotBe(String key, String value) {
    assertThatThrownBy(() -> Configs.with(LaneConfig.class, Map.of(key, value)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key);
  }

  @ParameterizedTest
  @CsvSource({"chunk,5MiB", "event,1B", "coalesce,0ms", "stream-chunk,0B"})
  void answersThatCannotBe(String key, String value) {
    assertThatThrownBy(() -> Configs.with(AnswerLimits.class, Map.of(key, value)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "7, 7000",
    "999999, 3600000",
    "'Thu, 01 Jan 1970 00:00:05 GMT', 5000",
    "'Wed, 31 Dec 1969 23:00:00 GMT', 0"
  })
  void retryAfterIsSecondsOrADate(String value, long millis) {
    Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    assertThat(RetryAfter.millis(value, clock)).contains(millis);
  }

  @ParameterizedTest
  @CsvSource({"soon", "-1", "1.5", "''"})
  void anythingElseIsNoRetryAfter(String value) {
    Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    assertThat(RetryAfter.millis(value, clock)).isEmpty();
  }
}
