package io.weir.routing.limit;

import io.weir.schemas.Member;
import io.weir.schemas.Role;
import io.weir.schemas.Tenant;
import io.weir.schemas.TenantUse;
import io.weir.schemas.members.Members;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The limits of all tenants at one of several instances. They hold for all instances together,
 * though none asks another: each says in its heartbeats what it admitted, and takes note of what
 * the others say. How exact that is stands in {@link SharedBucket} and {@link Budgets}. Safe for
 * any number of threads; nothing in it waits.
 */
public final class TenantLimits {
  /**
   * Most tenants that are spoken of in a heartbeat; those beyond are held to their limits by each
   * instance on its own.
   */
  private static final int MOST_SAID = 2_000;

  private final String self;
  private final long beatNanos;
  private final Function<String, Optional<Tenant>> directory;
  private final Spending spending;
  private final LongSupplier nanoClock;
  private final Clock clock;
  private final Map<String, TenantAccount> accounts = new ConcurrentHashMap<>();
  private volatile int live = 1;

  // Only whoever hears the members touches these.
  private final Map<String, Heard> heard = new HashMap<>();

  /** The last heartbeat of a member that was taken in. */
  private record Heard(long epoch, long beat, Map<String, TenantUse> uses) {}

  /**
   * @param self this instance's name among all members
   * @param beat time between two heartbeats
   * @param directory the tenants there are; of as many as that has, accounts are kept
   * @param nanoClock monotonic, in nanoseconds
   * @param clock by which days and months begin
   */
  public TenantLimits(
      String self,
      Duration beat,
      Function<String, Optional<Tenant>> directory,
      Spending spending,
      LongSupplier nanoClock,
      Clock clock) {
    this.self = self;
    this.beatNanos = beat.toNanos();
    this.directory = directory;
    this.spending = spending;
    this.nanoClock = nanoClock;
    this.clock = clock;
  }

  /** True if there is anything that its requests have to be held to. */
  public static boolean hasLimits(Tenant tenant) {
    return tenant.getRequestsPerMinute().isPresent()
        || tenant.getTokensPerMinute().isPresent()
        || !tenant.getBudgets().isEmpty();
  }

  /**
   * Lets one request in if its tenant's limits do.
   *
   * @param tenant one that has limits
   * @param tokens estimate of prompt and output
   * @param cost the same in US dollars
   */
  public LimitVerdict take(Tenant tenant, double tokens, double cost) {
    return account(tenant).take(tenant, tokens, cost);
  }

  private TenantAccount account(Tenant tenant) {
    TenantAccount there = accounts.get(tenant.getName());
    return there != null
        ? there
        : accounts.computeIfAbsent(
            tenant.getName(),
            any -> new TenantAccount(tenant, live, beatNanos, spending, nanoClock, clock));
  }

  /** Takes in what the others said; called by one thread, with every heartbeat. */
  public void hear(Members members) {
    Set<String> there = new HashSet<>();
    int instances = 1;
    for (Member member : members.of(Role.INGRESS)) {
      if (!member.getId().equals(self)) {
        instances++;
        there.add(member.getId());
        hear(member);
      }
    }
    live = instances;
    heard
        .entrySet()
        .removeIf(
            each -> {
              boolean gone = !there.contains(each.getKey());
              if (gone) {
                each.getValue().uses().keySet().forEach(name -> silent(name, each.getKey()));
              }
              return gone;
            });
  }

  private void hear(Member member) {
    Heard before = heard.get(member.getId());
    if (before != null
        && before.epoch() == member.getEpoch()
        && before.beat() == member.getBeat()) {
      return;
    }
    Map<String, TenantUse> uses = new HashMap<>();
    for (TenantUse use : member.getUses()) {
      directory
          .apply(use.getTenant())
          .filter(TenantLimits::hasLimits)
          .ifPresent(
              tenant -> {
                uses.put(use.getTenant(), use);
                account(tenant).heard(member.getId(), earlier(before, member, use), use);
              });
    }
    if (before != null) {
      before.uses().keySet().stream()
          .filter(name -> !uses.containsKey(name))
          .forEach(name -> silent(name, member.getId()));
    }
    heard.put(member.getId(), new Heard(member.getEpoch(), member.getBeat(), uses));
  }

  private static Optional<TenantUse> earlier(Heard before, Member member, TenantUse use) {
    if (before == null) {
      return Optional.empty();
    }
    TenantUse last =
        before.epoch() == member.getEpoch() ? before.uses().get(use.getTenant()) : null;
    return Optional.of(last == null ? new TenantUse("", 0L, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0) : last);
  }

  private void silent(String tenant, String peer) {
    TenantAccount account = accounts.get(tenant);
    if (account != null) {
      account.silent(peer);
    }
  }

  /**
   * Begins a beat; called for every heartbeat that is sent.
   *
   * @return what is to be said in it
   */
  public List<TenantUse> beat() {
    List<TenantUse> uses = new ArrayList<>();
    accounts.forEach(
        (name, account) -> {
          if (directory.apply(name).filter(TenantLimits::hasLimits).isEmpty() || account.isIdle()) {
            accounts.remove(name);
          } else if (uses.size() < MOST_SAID) {
            account.beat(live).ifPresent(uses::add);
          }
        });
    return uses;
  }
}
