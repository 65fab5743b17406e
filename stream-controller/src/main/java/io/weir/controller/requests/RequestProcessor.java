package io.weir.controller.requests;

import io.weir.controller.requests.ClaimIndex.Holder;
import io.weir.controller.requests.Positions.Position;
import io.weir.routing.fleet.Price;
import io.weir.routing.request.Deaths;
import io.weir.routing.request.RequestFold;
import io.weir.schemas.AcceptedRequest;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.OpenClaim;
import io.weir.schemas.PendingCallback;
import io.weir.schemas.RequestState;
import io.weir.schemas.TenantSpend;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds one partition of the lifecycle into the state of its requests, and points out those that
 * may have to be recovered. It decides nothing: what it points out is decided with the log read to
 * its end, see {@link Recoverer}.
 */
final class RequestProcessor implements Processor<String, LifecycleEvent, String, SpecificRecord> {
  private static final Logger LOG = LoggerFactory.getLogger(RequestProcessor.class);
  private static final Duration LOOK = Duration.ofMillis(250);
  private static final Duration SWEEP = Duration.ofSeconds(1);
  private static final Duration SPENDING = Duration.ofSeconds(1);

  /** Most requests looked at, at a time. */
  private static final int BATCH = 500;

  /** Kept as objects: at a few kB each this bounds what a partition takes of the heap. */
  static final int NEWEST = 512;

  private final Parts parts;
  private final ClaimIndex claims = new ClaimIndex();
  private ProcessorContext<String, SpecificRecord> context;
  private StateTable states;
  private OpenIndex open;
  private Position position;
  private CallbackQueue callbacks;
  private SpendBook spending;
  private String sweptTo = "";

  /**
   * What all partitions share.
   *
   * @param clockMillis the log's clock, milliseconds since the epoch
   * @param grace how long after its expiry a request that nobody holds is left to dispatchers
   * @param retention how long a request is known
   * @param prices of tokens, by pool
   */
  record Parts(
      Positions positions,
      CommittedOffsets committed,
      Deaths deaths,
      LongSupplier clockMillis,
      Candidates.Taker recovery,
      CallbackPoster callbacks,
      Duration grace,
      Duration retention,
      Function<String, Price> prices) {}

  RequestProcessor(Parts parts) {
    this.parts = parts;
  }

  @Override
  public void init(ProcessorContext<String, SpecificRecord> processorContext) {
    context = processorContext;
    states =
        new StateTable(
            context.getStateStore(RequestStores.STATES),
            NEWEST,
            (id, state) -> open.aged(id, state));
    open = new OpenIndex(context.getStateStore(RequestStores.OPEN), states::isNew);
    KeyValueStore<String, PendingCallback> pending = context.getStateStore(RequestStores.CALLBACKS);
    callbacks = new CallbackQueue(pending, states::get, parts.callbacks());
    spending =
        new SpendBook(context.getStateStore(RequestStores.SPENDING), parts.prices(), partition());
    rebuildOpen();
    position = parts.positions().own(partition());
    position.holds(claims.size());
    findPosition();
    context.schedule(LOOK, PunctuationType.WALL_CLOCK_TIME, now -> look());
    context.schedule(SWEEP, PunctuationType.WALL_CLOCK_TIME, this::sweep);
    context.schedule(SPENDING, PunctuationType.WALL_CLOCK_TIME, this::tellSpending);
  }

  /** Open requests are few beside all that are kept, so this is quick. */
  private void rebuildOpen() {
    open.takeUp(states);
    open.forEachKept(
        (expiresAt, id) ->
            states
                .get(id)
                .ifPresent(
                    state -> {
                      claims.replace(id, List.of(), state.getClaims());
                      spending.found(state);
                    }));
  }

  /** A partition in which nothing new happens must be known to have been read as well. */
  private void findPosition() {
    try {
      position.passedTo(parts.committed().next(partition()));
    } catch (KafkaException unknown) {
      LOG.warn("position_not_known partition={} cause={}", partition(), unknown.toString());
    }
  }

  private int partition() {
    return context.taskId().partition();
  }

  @Override
  public void process(Record<String, LifecycleEvent> record) {
    RecordMetadata where = context.recordMetadata().orElseThrow();
    if (record.key() != null && record.value() != null) {
      take(record.key(), record.value(), where, record.timestamp());
    }
    position.passedTo(where.offset() + 1);
  }

  private void take(String id, LifecycleEvent event, RecordMetadata where, long logMillis) {
    Optional<RequestState> before = states.get(id);
    RequestState after = RequestFold.apply(before, event, where.partition(), where.offset());
    if (before.isPresent() && before.get().getOffset() == after.getOffset()) {
      return;
    }
    states.put(id, after);
    spending.take(before, after, logMillis);
    LineResults.news(before, after)
        .ifPresent(
            news ->
                context.forward(
                    new Record<>(news.getBatchId(), news, context.currentSystemTimeMs()),
                    RequestTopology.BATCH_ITEMS));
    List<OpenClaim> claimedBefore = before.map(RequestState::getClaims).orElse(List.of());
    List<OpenClaim> claimedNow = after.getTerminal().isPresent() ? List.of() : after.getClaims();
    claims.replace(id, claimedBefore, claimedNow);
    position.holds(claims.size());
    open.replace(id, before, after);
    if (after.getTerminal().isPresent()
        && before.flatMap(RequestState::getTerminal).isEmpty()
        && after.getRequest().flatMap(AcceptedRequest::getCallback).isPresent()) {
      callbacks.add(id, context.currentSystemTimeMs());
    }
  }

  private void look() {
    if (!position.isKnown()) {
      findPosition();
    }
    List<String> found = new ArrayList<>();
    for (Holder holder : claims.holders()) {
      if (isGone(holder)) {
        for (String id : claims.of(holder)) {
          if (found.size() < BATCH) {
            found.add(id);
          }
        }
      }
    }
    expired(found);
    if (!found.isEmpty()) {
      parts.recovery().offer(new Candidates(partition(), found));
    }
  }

  private boolean isGone(Holder holder) {
    return holder.released() || parts.deaths().isDead(holder.member(), holder.epoch());
  }

  private void expired(List<String> found) {
    long clock = parts.clockMillis().getAsLong();
    for (String id : open.expiringBefore(clock - parts.grace().toMillis(), BATCH)) {
      if (states.get(id).filter(state -> state.getClaims().isEmpty()).isPresent()) {
        found.add(id);
      }
    }
  }

  private void sweep(long nowMillis) {
    callbacks.turn(nowMillis);
    open.mark(states.floor());
    String end = RequestIds.firstOf(Instant.ofEpochMilli(nowMillis).minus(parts.retention()));
    if (sweptTo.compareTo(end) >= 0) {
      return;
    }
    List<String> old = new ArrayList<>();
    try (KeyValueIterator<String, RequestState> oldest = states.range(sweptTo, end)) {
      while (oldest.hasNext() && old.size() < BATCH) {
        KeyValue<String, RequestState> next = oldest.next();
        old.add(next.key);
        claims.replace(next.key, next.value.getClaims(), List.of());
        spending.forgot(next.value);
        open.remove(next.key, next.value);
      }
    }
    old.forEach(states::delete);
    // What was deleted leaves marks that a later look from the beginning would have to pass.
    sweptTo = old.size() < BATCH ? end : old.getLast();
  }

  private void tellSpending(long nowMillis) {
    for (TenantSpend sum : spending.due(nowMillis)) {
      String key =
          String.join(
              "/",
              sum.getTenant(),
              sum.getPeriod().name().toLowerCase(Locale.ROOT),
              sum.getBeginsAt().toString(),
              Integer.toString(sum.getPartition()));
      context.forward(new Record<>(key, sum, nowMillis), RequestTopology.TENANT_SPEND);
    }
  }

  @Override
  public void close() {
    if (position != null) {
      parts.positions().disown(partition(), position);
    }
  }
}
