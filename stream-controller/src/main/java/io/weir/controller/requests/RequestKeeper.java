package io.weir.controller.requests;

import io.weir.controller.requests.RecoveryBatch.Rules;
import io.weir.controller.requests.RequestProcessor.Parts;
import io.weir.routing.fleet.Fleet;
import io.weir.routing.fleet.OnInterruption;
import io.weir.routing.fleet.Pool;
import io.weir.routing.fleet.Price;
import io.weir.routing.request.RecoveryPolicy;
import io.weir.routing.request.RecoveryVerdict;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.RequestState;
import io.weir.schemas.members.LeaseTerms;
import io.weir.schemas.members.Members;
import java.time.Clock;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Knows every request, and sees to those that nobody works on any more. */
public final class RequestKeeper implements AutoCloseable {
  /** Dispatchers end what expires in their hands themselves; this is for what is in nobody's. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final Positions positions = new Positions();
  private final LifecycleOffsets offsets;
  private final Recoverer recoverer;
  private final RequestStreams streams;

  /**
   * What it goes by.
   *
   * @param members who lives, with all of the log read
   * @param terms how long a silent member lives
   * @param fleet what becomes of interrupted streams, by pool
   * @param holdsLease false as soon as others may take this instance for dead
   */
  public record World(
      Supplier<Members> members,
      LeaseTerms terms,
      Supplier<Fleet> fleet,
      BooleanSupplier holdsLease) {}

  /**
   * How long and how often.
   *
   * @param maxAttempts how many claims of a request may fail before it is given up
   * @param retention how long a request is known
   */
  public record Limits(int maxAttempts, Duration retention) {}

  /**
   * Begins to read the lifecycle; returns at once.
   *
   * @param listener hears of everything that is decided about a request
   */
  public RequestKeeper(
      KafkaSettings kafka,
      RequestStreams.Settings settings,
      World world,
      Limits limits,
      CallbackPoster callbacks,
      BiConsumer<RequestState, RecoveryVerdict> listener) {
    MemberDeaths deaths = new MemberDeaths(world.members(), world.terms());
    Rules rules =
        new Rules(
            deaths,
            pool -> policy(pool, world.fleet().get(), limits.maxAttempts()),
            deaths::clockMillis,
            () -> world.holdsLease().getAsBoolean() && isRunning());
    this.offsets = new LifecycleOffsets(kafka, settings.instance());
    this.recoverer = new Recoverer(kafka, settings.instance(), rules, Clock.systemUTC(), listener);
    this.streams =
        new RequestStreams(
            kafka,
            settings,
            new Parts(
                positions,
                offsets,
                deaths,
                deaths::clockMillis,
                recoverer,
                callbacks,
                GRACE,
                limits.retention(),
                pool -> price(pool, world.fleet().get())),
            offsets,
            Clock.systemUTC());
    recoverer.start(streams);
  }

  private static Price price(String pool, Fleet fleet) {
    for (Pool each : fleet.pools()) {
      if (each.name().equals(pool)) {
        return each.price().orElse(Price.NOTHING);
      }
    }
    return Price.NOTHING;
  }

  private static RecoveryPolicy policy(String pool, Fleet fleet, int maxAttempts) {
    OnInterruption onInterruption =
        fleet.pools().stream()
            .filter(each -> each.name().equals(pool))
            .map(Pool::onInterruption)
            .findFirst()
            .orElse(OnInterruption.ERROR);
    return new RecoveryPolicy(maxAttempts, onInterruption, GRACE);
  }

  /** What this instance knows of a request, or who knows it. */
  public RequestLookup find(String id) {
    return streams.find(id);
  }

  /** What this instance has of a request that others know better. */
  public RequestLookup here(String id) {
    return streams.here(id);
  }

  /** True while all partitions are somebody's and this instance's states can be read. */
  public boolean isRunning() {
    return streams.isRunning();
  }

  /** How many partitions of the lifecycle are this instance's own. */
  public int owned() {
    return positions.owned();
  }

  /** How many claims are open in them. */
  public int claims() {
    return positions.claims();
  }

  @Override
  public void close() {
    recoverer.close();
    streams.close();
    offsets.close();
  }
}
