package io.weir.routing.limit;

import io.weir.schemas.Tenant;
import io.weir.schemas.TenantUse;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * One tenant's limits at one instance: what it admitted itself, and what the others say they did.
 * Safe for any number of threads; nothing in it waits.
 */
final class TenantAccount {
  /**
   * A bucket holds 10 s of a minute's rate: OpenAI says that a limit per minute may be enforced
   * over shorter times as well, and a bucket of a whole minute would let twice the limit through in
   * the minute after a pause.
   */
  private static final double BURST_MINUTES = 1.0 / 6;

  /** A tenant that has not come for so long is not spoken of any more. */
  private static final long SERVED_NANOS = Duration.ofSeconds(10).toNanos();

  private final LongSupplier nanoClock;
  private final long beatNanos;
  private final Budgets budgets;
  private final Map<String, TenantUse> peers = new HashMap<>();
  private Tenant tenant;
  private Optional<SharedBucket> requests = Optional.empty();
  private Optional<SharedBucket> tokens = Optional.empty();
  private int live;

  // What the others hear of.
  private long usedRequests;
  private double usedTokens;
  private double usedCost;
  private long lastUse;
  private boolean known;

  /**
   * @param live instances there are, with this one
   * @param beatNanos time between two beats
   */
  TenantAccount(
      Tenant tenant,
      int live,
      long beatNanos,
      Spending spending,
      LongSupplier nanoClock,
      Clock clock) {
    this.live = live;
    this.beatNanos = beatNanos;
    this.budgets = new Budgets(spending, clock);
    this.nanoClock = nanoClock;
    this.lastUse = nanoClock.getAsLong() - SERVED_NANOS - 1;
    terms(tenant);
  }

  private void terms(Tenant now) {
    tenant = now;
    requests = bucket(requests, now.getRequestsPerMinute().map(Integer::doubleValue));
    tokens = bucket(tokens, now.getTokensPerMinute().map(Long::doubleValue));
  }

  private Optional<SharedBucket> bucket(Optional<SharedBucket> before, Optional<Double> perMinute) {
    if (perMinute.isEmpty()) {
      return Optional.empty();
    }
    double burst = Math.max(1, perMinute.get() * BURST_MINUTES);
    if (before.isPresent()) {
      before.get().terms(perMinute.get(), burst);
      return before;
    }
    SharedBucket made = new SharedBucket(perMinute.get(), burst, beatNanos, nanoClock.getAsLong());
    made.beat(0, Shares.of(live, 0, /* known= */ false), live == 1, nanoClock.getAsLong());
    return Optional.of(made);
  }

  /** Lets one request in if all limits do. */
  synchronized LimitVerdict take(Tenant now, double amount, double cost) {
    if (!now.equals(tenant)) {
      terms(now);
    }
    long nanos = nanoClock.getAsLong();
    Optional<Budgets.UsedUp> usedUp = budgets.usedUp(tenant);
    if (usedUp.isPresent()) {
      return refused(
          LimitReason.BUDGET_EXHAUSTED,
          usedUp.get().numbers(),
          Optional.of(usedUp.get().retryAfter()),
          nanos);
    }
    Optional<Long> perMinute = tenant.getTokensPerMinute();
    if (perMinute.isPresent() && amount > perMinute.get()) {
      return refused(
          LimitReason.REQUEST_TOO_LARGE, numbers(amount, perMinute.get()), Optional.empty(), nanos);
    }
    if (!known && lastUse < nanos - SERVED_NANOS) {
      hold(nanos);
    }
    lastUse = nanos;
    long waitRequests = requests.isPresent() ? requests.get().waitNanos(1, nanos) : 0;
    long waitTokens = tokens.isPresent() ? tokens.get().waitNanos(amount, nanos) : 0;
    if (waitTokens > waitRequests) {
      return refused(
          LimitReason.TOKENS_PER_MINUTE,
          numbers(amount, perMinute.orElseThrow()),
          Optional.of(Duration.ofNanos(waitTokens)),
          nanos);
    }
    if (waitRequests > 0) {
      return refused(
          LimitReason.REQUESTS_PER_MINUTE,
          Map.of("requests_limit", tenant.getRequestsPerMinute().orElseThrow().doubleValue()),
          Optional.of(Duration.ofNanos(waitRequests)),
          nanos);
    }
    requests.ifPresent(each -> each.take(1, nanos));
    tokens.ifPresent(each -> each.take(amount, nanos));
    usedRequests++;
    count(amount, cost);
    return new LimitVerdict.Taken(
        new Charge(this, amount, cost), requestStanding(nanos), tokenStanding(nanos));
  }

  private static Map<String, Double> numbers(double amount, long limit) {
    return Map.of("tokens", amount, "tokens_limit", (double) limit);
  }

  private LimitVerdict refused(
      LimitReason reason, Map<String, Double> numbers, Optional<Duration> retry, long nanos) {
    return new LimitVerdict.Refused(
        reason, numbers, retry, requestStanding(nanos), tokenStanding(nanos));
  }

  private Optional<RateStanding> requestStanding(long nanos) {
    return requests.map(each -> standing(each, tenant.getRequestsPerMinute().orElseThrow(), nanos));
  }

  private Optional<RateStanding> tokenStanding(long nanos) {
    return tokens.map(each -> standing(each, tenant.getTokensPerMinute().orElseThrow(), nanos));
  }

  private static RateStanding standing(SharedBucket bucket, long limit, long nanos) {
    return new RateStanding(limit, (long) bucket.remaining(nanos), bucket.resetNanos(nanos));
  }

  private void count(double moreTokens, double moreCost) {
    usedTokens += moreTokens;
    usedCost += moreCost;
    budgets.add(tenant, moreTokens, moreCost);
  }

  /** A request used more tokens than was taken, or fewer. */
  synchronized void correct(double moreTokens, double moreCost) {
    long nanos = nanoClock.getAsLong();
    tokens.ifPresent(each -> each.correct(moreTokens, nanos));
    count(moreTokens, moreCost);
  }

  /** A request that was taken did not run. */
  synchronized void refund(double itsTokens, double itsCost) {
    long nanos = nanoClock.getAsLong();
    requests.ifPresent(each -> each.correct(-1, nanos));
    usedRequests--;
    correct(-itsTokens, -itsCost);
  }

  /**
   * Another instance has spoken of the tenant.
   *
   * @param before what it said the last time, with zeros if it said nothing of the tenant; empty if
   *     it was not heard of before, so that all that it tells is history
   */
  synchronized void heard(String peer, Optional<TenantUse> before, TenantUse now) {
    long nanos = nanoClock.getAsLong();
    peers.put(peer, now);
    if (before.isEmpty()) {
      requests.ifPresent(each -> each.adopt(now.getRequestsLevel(), nanos));
      tokens.ifPresent(each -> each.adopt(now.getTokensLevel(), nanos));
      return;
    }
    double moreRequests = now.getRequests() - before.get().getRequests();
    double moreTokens = now.getTokens() - before.get().getTokens();
    requests.ifPresent(each -> each.heard(moreRequests, nanos));
    tokens.ifPresent(each -> each.heard(moreTokens, nanos));
    budgets.add(tenant, moreTokens, now.getCost() - before.get().getCost());
  }

  /** Another instance does not speak of the tenant any more. */
  synchronized void silent(String peer) {
    peers.remove(peer);
  }

  /**
   * Begins a beat.
   *
   * @param nowLive instances there are, with this one
   * @return what the others are to hear, if there is anything
   */
  synchronized Optional<TenantUse> beat(int nowLive) {
    long nanos = nanoClock.getAsLong();
    live = nowLive;
    if (lastUse < nanos - SERVED_NANOS) {
      known = false;
      usedRequests = 0;
      usedTokens = 0;
      usedCost = 0;
      return Optional.empty();
    }
    if (known || live == 1) {
      hold(nanos);
    }
    known = true;
    return Optional.of(
        TenantUse.newBuilder()
            .setTenant(tenant.getName())
            .setRequests(usedRequests)
            .setTokens(usedTokens)
            .setCost(usedCost)
            .setRequestsHeld(requests.map(SharedBucket::held).orElse(0.0))
            .setTokensHeld(tokens.map(SharedBucket::held).orElse(0.0))
            .setRequestsLevel(requests.map(each -> each.level(nanos)).orElse(0.0))
            .setTokensLevel(tokens.map(each -> each.level(nanos)).orElse(0.0))
            .build());
  }

  /** True if nothing would be lost if it were forgotten. */
  synchronized boolean isIdle() {
    long nanos = nanoClock.getAsLong();
    return !known
        && peers.isEmpty()
        && lastUse < nanos - SERVED_NANOS
        && budgets.isIdle(tenant)
        && requests.map(each -> each.level(nanos) == 0).orElse(true)
        && tokens.map(each -> each.level(nanos) == 0).orElse(true);
  }

  private void hold(long nanos) {
    double heldRequests = 0;
    double heldTokens = 0;
    for (TenantUse peer : peers.values()) {
      heldRequests += peer.getRequestsHeld();
      heldTokens += peer.getTokensHeld();
    }
    double share = Shares.of(live, peers.size(), known);
    double byRequests = heldRequests;
    double byTokens = heldTokens;
    requests.ifPresent(each -> each.beat(byRequests, share, live == 1, nanos));
    tokens.ifPresent(each -> each.beat(byTokens, share, live == 1, nanos));
  }
}
