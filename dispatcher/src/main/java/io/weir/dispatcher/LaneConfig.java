package io.weir.dispatcher;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.DataSize;
import io.weir.routing.config.Default;
import java.time.Duration;

/**
 * How requests are taken from lanes.
 *
 * @param drain how much work, at the rate a pool gets through it, is held ready in each class
 * @param readyBytes most bytes held ready in each class of each pool, give or take one poll
 * @param pollRecords most records of one poll: small, so that a full poll overshoots the ready
 *     queue by little
 * @param fetchWait how long a broker may wait for records; a lane that is resumed waits no longer
 *     for its first fetch
 * @param fetchBytes most bytes of one fetch: what a dispatcher holds beyond its ready queues
 * @param partitionFetchBytes most bytes of one lane partition in a fetch, so that a lane full of
 *     large requests leaves room for the others
 * @param commitInterval time between two commits of what has been claimed
 * @param unclaimed most requests taken whose claim Kafka has not acknowledged; beyond it no lane is
 *     read
 */
public record LaneConfig(
    @Default("2s") Duration drain,
    @Default("16MiB") DataSize readyBytes,
    @Default("64") int pollRecords,
    @Default("20ms") Duration fetchWait,
    @Default("16MiB") DataSize fetchBytes,
    @Default("1MiB") DataSize partitionFetchBytes,
    @Default("100ms") Duration commitInterval,
    @Default("4096") int unclaimed) {
  public LaneConfig {
    atLeastOne("poll-records", pollRecords);
    atLeastOne("unclaimed", unclaimed);
    atLeastOne("ready-bytes", readyBytes.bytes());
    atLeastOne("fetch-bytes", fetchBytes.bytes());
    atLeastOne("partition-fetch-bytes", partitionFetchBytes.bytes());
    if (drain.isNegative()) {
      throw new ConfigException("drain", "must not be negative");
    }
    if (fetchWait.toMillis() < 1) {
      throw new ConfigException("fetch-wait", "must be at least 1ms");
    }
    if (commitInterval.toMillis() < 1) {
      throw new ConfigException("commit-interval", "must be at least 1ms");
    }
  }

  private static void atLeastOne(String key, long value) {
    if (value < 1) {
      throw new ConfigException(key, "must be at least 1, is " + value);
    }
  }
}
