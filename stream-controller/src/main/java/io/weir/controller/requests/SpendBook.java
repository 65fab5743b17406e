package io.weir.controller.requests;

import io.weir.routing.fleet.Price;
import io.weir.routing.limit.BudgetCalendar;
import io.weir.schemas.AcceptedRequest;
import io.weir.schemas.BudgetPeriod;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.RequestState;
import io.weir.schemas.TenantSpend;
import io.weir.schemas.TokenUsage;
import io.weir.schemas.tenants.TenantDirectory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What tenants used up, as one partition of the lifecycle tells it: each visible terminal counts
 * once, on the day on which the log took it. The days' sums are kept in a store of the fold, so
 * they are exactly as far as it is, whatever fails. What is open is found again from the requests
 * themselves. Sums are told from time to time and not for every request.
 */
final class SpendBook {
  private static final Logger LOG = LoggerFactory.getLogger(SpendBook.class);

  /**
   * How often sums are told after the last change: those who read them forget what they admitted
   * themselves only when they hear that it must be in them.
   */
  private static final int ROUNDS = 10;

  private final KeyValueStore<String, TenantSpend> days;
  private final Function<String, Price> prices;
  private final int partition;
  private final Map<String, Account> accounts = new HashMap<>();

  /** What one tenant used up. */
  private static final class Account {
    private final String tenant;
    private TenantSpend day;
    private TenantSpend month;
    private final Map<String, Open> open = new HashMap<>();
    private int rounds;

    Account(String tenant) {
      this.tenant = tenant;
    }
  }

  /** Estimates of what has not ended in one pool. */
  private static final class Open {
    private long requests;
    private long promptTokens;
    private long outputTokens;
  }

  /**
   * @param days sums of days, by tenant and day
   * @param prices by pool, as they are now
   * @param partition of the lifecycle
   */
  SpendBook(
      KeyValueStore<String, TenantSpend> days, Function<String, Price> prices, int partition) {
    this.days = days;
    this.prices = prices;
    this.partition = partition;
    try (KeyValueIterator<String, TenantSpend> all = days.all()) {
      while (all.hasNext()) {
        remember(all.next().value);
      }
    }
  }

  private void remember(TenantSpend stored) {
    Account account = accounts.computeIfAbsent(stored.getTenant(), Account::new);
    if (account.day == null || account.day.getBeginsAt().isBefore(stored.getBeginsAt())) {
      account.day = stored;
    }
    Instant month = BudgetCalendar.begin(BudgetPeriod.MONTH, stored.getBeginsAt());
    if (account.month == null || account.month.getBeginsAt().isBefore(month)) {
      account.month = none(account.tenant, BudgetPeriod.MONTH, month);
    }
    if (account.month.getBeginsAt().equals(month)) {
      account.month =
          plus(
              account.month,
              stored.getRequests(),
              stored.getPromptTokens(),
              stored.getOutputTokens(),
              stored.getCost());
    }
    account.rounds = ROUNDS;
  }

  /** A request that is open and was so before this book was opened. */
  void found(RequestState state) {
    change(state, 1);
  }

  /** A request that is not kept any more. */
  void forgot(RequestState state) {
    change(state, -1);
  }

  /**
   * Takes in what has become of a request.
   *
   * @param logMillis when the log took it
   */
  void take(Optional<RequestState> before, RequestState after, long logMillis) {
    boolean wasOpen = before.filter(SpendBook::isOpen).isPresent();
    boolean isOpen = isOpen(after);
    if (isOpen && !wasOpen) {
      change(after, 1);
    } else if (wasOpen && !isOpen) {
      change(before.get(), -1);
    }
    if (before.flatMap(RequestState::getTerminal).isEmpty()) {
      after
          .getTerminal()
          .flatMap(LifecycleEvent::getUsage)
          .ifPresent(usage -> spend(after, usage, Instant.ofEpochMilli(logMillis)));
    }
  }

  private static boolean isOpen(RequestState state) {
    return state.getTerminal().isEmpty() && state.getRequest().isPresent();
  }

  private void change(RequestState state, int by) {
    Optional<AcceptedRequest> request = state.getRequest();
    Optional<Account> account = account(state.getTenant());
    if (request.isEmpty() || account.isEmpty() || !isOpen(state)) {
      return;
    }
    Open open = account.get().open.computeIfAbsent(state.getPool(), pool -> new Open());
    open.requests += by;
    open.promptTokens += (long) by * Math.max(0, request.get().getPromptTokens());
    open.outputTokens += (long) by * Math.max(0, request.get().getOutputTokens());
    if (open.requests <= 0) {
      account.get().open.remove(state.getPool());
    }
    account.get().rounds = ROUNDS;
  }

  private Optional<Account> account(String tenant) {
    Account there = accounts.get(tenant);
    if (there == null && accounts.size() >= TenantDirectory.MOST_TENANTS) {
      LOG.warn("spending_not_kept tenant={}: there are {}", tenant, accounts.size());
      return Optional.empty();
    }
    return Optional.of(there == null ? accounts.computeIfAbsent(tenant, Account::new) : there);
  }

  private void spend(RequestState state, TokenUsage usage, Instant at) {
    Optional<Account> found = account(state.getTenant());
    if (found.isEmpty()) {
      return;
    }
    Account account = found.get();
    turn(account, at);
    int prompt = Math.max(0, usage.getPromptTokens());
    int output = Math.max(0, usage.getCompletionTokens());
    double cost =
        prices
            .apply(state.getPool())
            .of(prompt, Math.max(0, usage.getCachedPromptTokens().orElse(0)), output);
    account.day = plus(account.day, 1, prompt, output, cost);
    account.month = plus(account.month, 1, prompt, output, cost);
    account.rounds = ROUNDS;
    days.put(key(account.tenant, account.day.getBeginsAt()), account.day);
  }

  /** Begins a new day or month where it is time. */
  private void turn(Account account, Instant at) {
    Instant day = BudgetCalendar.begin(BudgetPeriod.DAY, at);
    if (account.day == null || account.day.getBeginsAt().isBefore(day)) {
      account.day = none(account.tenant, BudgetPeriod.DAY, day);
    }
    Instant month = BudgetCalendar.begin(BudgetPeriod.MONTH, at);
    if (account.month == null || account.month.getBeginsAt().isBefore(month)) {
      account.month = none(account.tenant, BudgetPeriod.MONTH, month);
      forgetBefore(account.tenant, month);
    }
  }

  private void forgetBefore(String tenant, Instant month) {
    List<String> old = new ArrayList<>();
    try (KeyValueIterator<String, TenantSpend> earlier =
        days.range(key(tenant, Instant.EPOCH), key(tenant, month))) {
      while (earlier.hasNext()) {
        KeyValue<String, TenantSpend> next = earlier.next();
        if (next.value.getBeginsAt().isBefore(month)) {
          old.add(next.key);
        }
      }
    }
    old.forEach(days::delete);
  }

  private static String key(String tenant, Instant day) {
    return tenant + "/" + day;
  }

  private TenantSpend none(String tenant, BudgetPeriod period, Instant begins) {
    return new TenantSpend(tenant, period, begins, partition, 0L, 0L, 0L, 0.0, 0L, 0.0, begins);
  }

  private static TenantSpend plus(
      TenantSpend sum, long requests, long promptTokens, long outputTokens, double cost) {
    return new TenantSpend(
        sum.getTenant(),
        sum.getPeriod(),
        sum.getBeginsAt(),
        sum.getPartition(),
        sum.getRequests() + requests,
        sum.getPromptTokens() + promptTokens,
        sum.getOutputTokens() + outputTokens,
        sum.getCost() + cost,
        0L,
        0.0,
        sum.getAt());
  }

  /** The sums that are to be told now. */
  List<TenantSpend> due(long nowMillis) {
    List<TenantSpend> due = new ArrayList<>();
    Instant now = Instant.ofEpochMilli(nowMillis);
    for (Iterator<Account> all = accounts.values().iterator(); all.hasNext(); ) {
      Account account = all.next();
      if (account.rounds > 0) {
        account.rounds--;
        turn(account, now);
        due.add(told(account, account.day, now));
        due.add(told(account, account.month, now));
      } else if (account.day == null && account.open.isEmpty()) {
        all.remove();
      }
    }
    return due;
  }

  private TenantSpend told(Account account, TenantSpend sum, Instant now) {
    long tokens = 0;
    double cost = 0;
    for (Map.Entry<String, Open> each : account.open.entrySet()) {
      Open open = each.getValue();
      tokens += open.promptTokens + open.outputTokens;
      cost +=
          prices.apply(each.getKey()).of((double) open.promptTokens, (double) open.outputTokens);
    }
    return TenantSpend.newBuilder(sum).setOpenTokens(tokens).setOpenCost(cost).setAt(now).build();
  }
}
