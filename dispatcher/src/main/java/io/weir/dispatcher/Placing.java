package io.weir.dispatcher;

import io.weir.routing.order.Turn;
import io.weir.schemas.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Puts what waits in a pool on engines that have room. Guarded by the pool's lock. */
final class Placing {
  /** What gives a tenant back all that it was charged. */
  static final TokenUsage NOTHING_USED = new TokenUsage(0, 0, null, false);

  private static final long LONGEST_PREFILL_NANOS = Duration.ofMinutes(1).toNanos();

  private final PoolQueue queue;
  private final FurtherAttempts further;
  private final PoolEngines engines;
  private final LongSupplier nanoClock;
  private final LongSupplier seeds;

  Placing(
      PoolQueue queue,
      FurtherAttempts further,
      PoolEngines engines,
      LongSupplier nanoClock,
      LongSupplier seeds) {
    this.queue = queue;
    this.further = further;
    this.engines = engines;
    this.nanoClock = nanoClock;
    this.seeds = seeds;
  }

  /** What may run now, and what turned out not to be worth it; whoever was tried before first. */
  List<Placement> next() {
    List<Placement> placements =
        further.size() == 0
            ? List.of()
            : further.place(
                waiting ->
                    engines.anyRoom()
                        ? pick(waiting.held(), waiting.need(), waiting.chargedTokens())
                        : Optional.empty());
    while (engines.anyRoom()) {
      switch (queue.poll(this::firstTokenNanos)) {
        case Turn.Run<Ready>(Ready ready, long waited) -> {
          Held held = ready.held();
          Need need = Need.of(held);
          Optional<Placement.Run> run = pick(held, need, ready.costTokens());
          further.first(nanoClock.getAsLong());
          if (run.isPresent()) {
            placements = with(placements, run.get());
          } else if (!engines.maySee(held)) {
            queue.used(held, ready.costTokens(), NOTHING_USED);
            placements = with(placements, new Placement.Drop(held, Dropped.OUT_OF_REGION));
          } else {
            further.add(new Waiting(held, need, ready.costTokens(), Optional.empty()));
          }
        }
        case Turn.Drop<Ready> drop -> placements = with(placements, queue.placement(drop));
        case Turn.Empty<Ready> empty -> {
          return placements;
        }
      }
    }
    return placements;
  }

  /**
   * An engine for a request, with a slot there.
   *
   * @param charged what its tenant was charged for it
   */
  Optional<Placement.Run> pick(Held held, Need need, double charged) {
    return engines.pick(held, need, charged, seeds.getAsLong());
  }

  /** Nobody has a first token to wait for that is further off than any prefill takes. */
  private long firstTokenNanos(Ready ready) {
    return ready.expiresNanos() - nanoClock.getAsLong() > LONGEST_PREFILL_NANOS
        ? 0
        : engines.firstTokenNanos(ready.held());
  }

  private static List<Placement> with(List<Placement> placements, Placement one) {
    List<Placement> more = placements.isEmpty() ? new ArrayList<>(2) : placements;
    more.add(one);
    return more;
  }
}
