package io.weir.controller.requests;

import io.weir.controller.requests.RequestLookup.Elsewhere;
import io.weir.controller.requests.RequestLookup.Forgotten;
import io.weir.controller.requests.RequestLookup.Found;
import io.weir.controller.requests.RequestLookup.NotYet;
import io.weir.controller.requests.RequestLookup.Unknown;
import io.weir.controller.requests.RequestProcessor.Parts;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.RequestPartitioner;
import io.weir.schemas.RequestState;
import io.weir.schemas.Topics;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the topology, and answers from its stores. All controllers together form one Kafka Streams
 * application: each owns some partitions of the lifecycle and keeps copies of others.
 */
public final class RequestStreams implements AutoCloseable {
  private static final StreamPartitioner<String, Object> BY_REQUEST =
      (topic, id, value, partitions) -> Optional.of(Set.of(RequestPartitioner.of(id, partitions)));
  private static final Logger LOG = LoggerFactory.getLogger(RequestStreams.class);

  /**
   * Nobody waits for a commit but posts of results and batches. It must be long beside the time
   * that a commit takes: Streams reads a few events between two, and on brokers under load, where a
   * transaction over all changelogs takes seconds, an interval of 100 ms left it minutes behind.
   */
  private static final Duration COMMIT = Duration.ofSeconds(1);

  /** A killed instance's partitions go to the others after this. */
  private static final Duration SESSION = Duration.ofSeconds(6);

  /** Longer than it takes an ingress to write that it accepted what it has told a client of. */
  private static final Duration YOUNG = Duration.ofSeconds(10);

  private static final Duration CLOSING = Duration.ofSeconds(10);
  private static final long CACHE_BYTES = 16 << 20;
  private static final long REST_MILLIS = 1_000;

  private final KafkaStreams streams;
  private final HostInfo self;
  private final Positions positions;
  private final LifecycleOffsets offsets;
  private final Duration retention;
  private final Clock clock;

  /**
   * Where and how it runs.
   *
   * @param instance its name in logs
   * @param self where others reach its HTTP
   * @param stateDir for its stores; no two processes may share one
   * @param standbys copies of each store that other instances keep
   * @param threads that read the lifecycle
   */
  public record Settings(
      String instance, HostInfo self, Path stateDir, int standbys, int threads) {}

  RequestStreams(
      KafkaSettings kafka, Settings settings, Parts parts, LifecycleOffsets offsets, Clock clock) {
    this.self = settings.self();
    this.positions = parts.positions();
    this.offsets = offsets;
    this.retention = parts.retention();
    this.clock = clock;
    this.streams =
        new KafkaStreams(RequestTopology.of(kafka, parts), kafka.streams(configuration(settings)));
    streams.setUncaughtExceptionHandler(RequestStreams::failed);
    streams.setStateListener(
        (now, before) -> LOG.info("request_state_{} instance={}", now, settings.instance()));
    streams.start();
  }

  private static Map<String, Object> configuration(Settings settings) {
    Map<String, Object> config = new HashMap<>();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, Topics.requestStateApplication());
    config.put(StreamsConfig.CLIENT_ID_CONFIG, settings.instance() + "-requests");
    config.put(
        StreamsConfig.APPLICATION_SERVER_CONFIG,
        settings.self().host() + ":" + settings.self().port());
    config.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDir().toString());
    // A controller that was taken for dead and wakes up must not write over newer states.
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT.toMillis());
    config.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbys());
    config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
    config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES);
    config.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, StateMemory.class);
    config.put(StreamsConfig.ENABLE_METRICS_PUSH_CONFIG, "false");
    // The least it can be: how soon an instance that has caught up gets partitions of its own.
    config.put(
        StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG, Duration.ofMinutes(1).toMillis());
    // A fetch for every event would cost the brokers more than the events themselves; a state may
    // be a twentieth of a second old.
    config.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MIN_BYTES_CONFIG), 64 << 10);
    config.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), 50);
    config.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
        (int) SESSION.toMillis());
    config.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
        (int) SESSION.dividedBy(4).toMillis());
    return config;
  }

  private static StreamThreadExceptionResponse failed(Throwable fault) {
    LOG.error("request_state_thread_failed; another one takes over", fault);
    try {
      // What fails at once again must not fill the log.
      TimeUnit.MILLISECONDS.sleep(REST_MILLIS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  /** True while all partitions are somebody's and this instance's states can be read. */
  public boolean isRunning() {
    return streams.state() == KafkaStreams.State.RUNNING;
  }

  /** How many partitions of the lifecycle are this instance's own. */
  public int owned() {
    return positions.owned();
  }

  /** What this instance knows of a request, or who knows it. */
  public RequestLookup find(String id) {
    KeyQueryMetadata where;
    try {
      where = streams.queryMetadataForKey(RequestStores.STATES, id, BY_REQUEST);
    } catch (IllegalStateException | InvalidStateStoreException notStarted) {
      LOG.debug("owner_not_known request_id={}", id, notStarted);
      return new NotYet();
    }
    if (where.equals(KeyQueryMetadata.NOT_AVAILABLE)) {
      return here(id);
    }
    if (where.activeHost().equals(self)) {
      return own(id, where.partition());
    }
    List<String> hosts = new ArrayList<>();
    hosts.add(name(where.activeHost()));
    where.standbyHosts().stream()
        .filter(host -> !host.equals(self))
        .forEach(host -> hosts.add(name(host)));
    return new Elsewhere(hosts);
  }

  private static String name(HostInfo host) {
    return host.host() + ":" + host.port();
  }

  private RequestLookup own(String id, int partition) {
    try {
      Optional<RequestState> state = read(id, partition);
      return state.<RequestLookup>map(Found::new).orElseGet(() -> none(id, partition));
    } catch (InvalidStateStoreException rebuilding) {
      LOG.debug("state_not_ready request_id={}", id, rebuilding);
      return here(id);
    }
  }

  /** Says that there is none only if all is read that could tell of it. */
  private RequestLookup none(String id, int partition) {
    Optional<Duration> age = RequestIds.madeAt(id).map(at -> Duration.between(at, clock.instant()));
    if (age.filter(each -> each.compareTo(retention) > 0).isPresent()) {
      return new Forgotten();
    }
    if (age.filter(each -> each.compareTo(YOUNG) < 0).isPresent()) {
      return new NotYet();
    }
    try {
      long end = offsets.end(partition);
      return passed(partition).orElse(-1) < end ? new NotYet() : new Unknown();
    } catch (KafkaException unknown) {
      LOG.debug("end_not_known partition={}", partition, unknown);
      return new NotYet();
    }
  }

  /**
   * What this instance has of a request that is not its own, or not its own yet: maybe an older
   * state. Never says that there is no such request.
   */
  public RequestLookup here(String id) {
    try {
      RequestState copy =
          streams
              .store(
                  StoreQueryParameters.fromNameAndType(
                          RequestStores.STATES,
                          QueryableStoreTypes.<String, RequestState>keyValueStore())
                      .enableStaleStores())
              .get(id);
      return copy == null ? new NotYet() : new Found(copy);
    } catch (InvalidStateStoreException | IllegalStateException notReady) {
      LOG.debug("copy_not_ready request_id={}", id, notReady);
      return new NotYet();
    }
  }

  /**
   * The state of a request of a partition that is this instance's own.
   *
   * @throws InvalidStateStoreException if the partition is not its own, or not ready
   */
  Optional<RequestState> read(String id, int partition) {
    return Optional.ofNullable(
        streams
            .store(
                StoreQueryParameters.fromNameAndType(
                        RequestStores.STATES,
                        QueryableStoreTypes.<String, RequestState>keyValueStore())
                    .withPartition(partition))
            .get(id));
  }

  /** The offset after the last event of a partition that is in the states; empty if unknown. */
  OptionalLong passed(int partition) {
    return positions.next(partition);
  }

  /** Leaves the group, so that others take over at once. */
  @Override
  public void close() {
    boolean closed =
        streams.close(
            CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(CLOSING));
    if (!closed) {
      LOG.warn("request_state_not_closed_in_time patience={}", CLOSING);
    }
  }
}
