package io.weir.routing.admission;

import io.weir.routing.targets.ClassTargets;
import io.weir.schemas.RequestClass;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Admission to one pool. A request of class k is admitted if what waits in k and above is served
 * within the class's part of its time to first token:
 *
 * <pre>tokens queued in classes ≤ k ÷ rate that is left for them ≤ c_k × budget_k</pre>
 *
 * and if its tenant has less waiting than its share of what the class may have waiting. That binds
 * only where the class is three quarters full: below it, a tenant may use what nobody else asks
 * for. A drain rate that is old is taken for less than it was.
 *
 * <p>What drains in a given time varies, about as the count of a Poisson process does: a wait of
 * {@code w} behind requests of the class of which one is served every {@code s} has a standard
 * deviation of {@code √(w·s)} (square-root staffing: Halfin and Whitt, 1981). Where 2.5 of them on
 * top of the wait are more than the budget, which they are in small pools, that binds instead of
 * c_k, so that hardly any request is let in and then cannot be begun in time.
 *
 * <p>Not safe for use by several threads.
 */
public final class Admission {
  /** Part of its budget up to which a class does not look at tenants. */
  private static final double UNCONTENDED = 0.75;

  /** Part of its budget that a class may have waiting whatever speaks against it. */
  private static final double LITTLE = 0.25;

  /** Standard deviations of its wait within which a request has to be begun. */
  private static final double DEVIATIONS = 2.5;

  /** Part of the mean cost that one request makes up. */
  private static final double NEWEST = 0.02;

  private final AdmissionPolicy policy;
  private final ClassTargets targets;
  private final Map<RequestClass, TenantBacklog> backlogs = new EnumMap<>(RequestClass.class);
  private final Map<RequestClass, VirtualQueue> sentAway = new EnumMap<>(RequestClass.class);
  private final Map<RequestClass, TenantOffers> offers = new EnumMap<>(RequestClass.class);
  private final ClassWait waits = new ClassWait();

  /** Tokens a request of the pool costs; 0 before the first. */
  private double meanCost;

  /**
   * @param weights of tenants against each other; positive
   */
  public Admission(AdmissionPolicy policy, ClassTargets targets, ToDoubleFunction<String> weights) {
    this.policy = policy;
    this.targets = targets;
    for (RequestClass each : RequestClass.values()) {
      backlogs.put(each, new TenantBacklog(weights, policy.tenants()));
      sentAway.put(each, new VirtualQueue());
      offers.put(each, new TenantOffers(weights, policy.tenants()));
    }
  }

  /**
   * Decides on one request that nothing speaks against beside its queue.
   *
   * @see #decide(RequestClass, String, double, long, Pressure, PoolLoad, long)
   */
  public Verdict decide(
      RequestClass requestClass,
      String tenant,
      double costTokens,
      long timeLeftNanos,
      PoolLoad load,
      long now) {
    return decide(requestClass, tenant, costTokens, timeLeftNanos, Pressure.NONE, load, now);
  }

  /**
   * Decides on one request, and takes note of it: what is admitted counts as waiting until {@link
   * #left}; what is not has a place among those who are to come back.
   *
   * @param costTokens its cost
   * @param timeLeftNanos until its first token is of no more use
   * @param now monotonic, on the clock of the load's times
   */
  public Verdict decide(
      RequestClass requestClass,
      String tenant,
      double costTokens,
      long timeLeftNanos,
      Pressure pressure,
      PoolLoad load,
      long now) {
    double drain = drain(load, now);
    double queued = 0;
    for (RequestClass each : RequestClass.values()) {
      if (each.compareTo(requestClass) <= 0) {
        queued += load.queuedTokens(each);
      }
    }
    double wait =
        drain > 0
            ? waits.waitSeconds(requestClass, load, drain, now) * 1e3
            : Double.POSITIVE_INFINITY;
    meanCost += (meanCost > 0 ? NEWEST : 1) * (costTokens - meanCost);
    double limit =
        limitMillis(requestClass, drain > 0 ? waits.perSecond(requestClass, load, drain, now) : 0);
    TenantBacklog backlog = backlogs.get(requestClass);
    double own = backlog.tokens(tenant);
    VirtualQueue away = sentAway.get(requestClass);
    TenantOffers asked = offers.get(requestClass);
    asked.add(tenant, costTokens, now);
    ShedReason reason;
    if (drain <= 0) {
      reason = ShedReason.NO_CAPACITY;
    } else if (wait > limit) {
      reason = ShedReason.QUEUE_DELAY;
    } else if (wait * 1e6 >= timeLeftNanos) {
      reason = ShedReason.DEADLINE;
    } else if (wait > LITTLE * limit && binds(pressure, asked, tenant, now)) {
      reason = pressure instanceof Pressure.Planned ? ShedReason.PLANNED : ShedReason.BROWN_OUT;
    } else if (wait > UNCONTENDED * limit
        && own + costTokens > backlog.share(tenant) * limit * 1e-3 * drain) {
      // Who is alone has all of the queue for a share.
      reason = backlog.share(tenant) < 1 ? ShedReason.TENANT_SHARE : ShedReason.QUEUE_DELAY;
    } else {
      backlog.add(tenant, costTokens);
      away.admitted(costTokens, drain, now);
      waits.admitted(requestClass, costTokens, now);
      return new Verdict.Admitted(queued, drain, wait);
    }
    double place = away.enter(costTokens, drain, now);
    double spare = away.sparePerSecond(drain);
    double overMillis = Math.max(0, wait - limit);
    double retryMillis = drain > 0 ? overMillis + place / spare * 1e3 : Double.POSITIVE_INFINITY;
    return new Verdict.Shed(
        reason, queued, drain, wait, limit, own, place, retryAfter(retryMillis));
  }

  /**
   * The longest wait, as expected, with which a class is let in.
   *
   * @param perSecond tokens of the class that are served; 0 if none are
   */
  private double limitMillis(RequestClass requestClass, double perSecond) {
    double budget = targets.ttft(requestClass).toNanos() * 1e-6;
    double one = perSecond > 0 ? meanCost / perSecond * 1e3 : 0;
    // The root of w + k√(w·s) = budget.
    double spread = DEVIATIONS * Math.sqrt(one);
    double root = (Math.sqrt(spread * spread + 4 * budget) - spread) / 2;
    return Math.min(policy.ceiling(requestClass) * budget, root * root);
  }

  private static boolean binds(Pressure pressure, TenantOffers asked, String tenant, long now) {
    return switch (pressure) {
      case Pressure.None none -> false;
      case Pressure.BrownOut brownOut -> true;
      case Pressure.Planned planned -> planned.draw() < asked.excess(tenant, planned.part(), now);
    };
  }

  /** A request that was admitted does not wait any more: it was sent, dropped or cancelled. */
  public void left(RequestClass requestClass, String tenant, double costTokens) {
    backlogs.get(requestClass).remove(tenant, costTokens);
  }

  private double drain(PoolLoad load, long now) {
    double freshness = policy.freshness().toNanos();
    double over = Math.max(0, now - load.measuredNanos() - freshness) / freshness;
    return load.drainPerSecond() * Math.max(policy.least(), Math.exp(-Math.log(2) * over));
  }

  private Duration retryAfter(double millis) {
    double shortest = policy.shortestRetry().toMillis();
    double longest = policy.longestRetry().toMillis();
    return Duration.ofMillis(Math.round(Math.max(shortest, Math.min(longest, millis))));
  }
}
