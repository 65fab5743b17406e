package io.weir.ingress.tenant;

import io.weir.ingress.admission.Expected;
import io.weir.routing.fleet.Fleet;
import io.weir.routing.fleet.Pool;
import io.weir.routing.fleet.Price;
import io.weir.routing.limit.LimitVerdict;
import io.weir.routing.limit.Spending;
import io.weir.routing.limit.TenantLimits;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.RequestClass;
import io.weir.schemas.Tenant;
import io.weir.schemas.TenantKey;
import io.weir.schemas.TenantUse;
import io.weir.schemas.members.LeaseTerms;
import io.weir.schemas.members.Members;
import io.weir.schemas.tenants.TenantDirectory;
import io.weir.schemas.tenants.TenantSpending;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The tenants as one ingress knows them. Nothing here asks anybody else while a request waits: what
 * operators said, what was spent and what other ingresses admitted is followed all the time.
 */
public final class Tenants implements AutoCloseable {
  private final TenantDirectory directory;
  private final TenantSpending spending;
  private final TenantLimits limits;
  private final Map<String, Price> prices;

  private Tenants(KafkaSettings kafka, String instance, Fleet fleet) {
    this.directory = TenantDirectory.follow(kafka, instance);
    this.spending = TenantSpending.follow(kafka, instance);
    this.limits =
        new TenantLimits(
            instance,
            LeaseTerms.STANDARD.beat(),
            directory::tenant,
            Spending.of(spending),
            System::nanoTime,
            Clock.systemUTC());
    Map<String, Price> byPool = new HashMap<>();
    for (Pool pool : fleet.pools()) {
      byPool.put(pool.name(), pool.price().orElse(Price.NOTHING));
    }
    this.prices = Map.copyOf(byPool);
  }

  /**
   * Begins to follow; returns at once. The topics have to exist.
   *
   * @param instance the ingress's name among all members
   * @param fleet whose pools have prices
   */
  public static Tenants follow(KafkaSettings kafka, String instance, Fleet fleet) {
    return new Tenants(kafka, instance, fleet);
  }

  /**
   * Waits until all is known that was said before; false if it is not so in time. Before that,
   * nobody may be let in: keys could be missing that were revoked, or all of them.
   */
  public boolean awaitKnown(Duration patience) throws InterruptedException {
    return directory.awaitCaughtUp(patience) && spending.awaitCaughtUp(patience);
  }

  /** True if there is any key, even a revoked one: then nobody is served without one. */
  public boolean hasKeys() {
    return directory.hasKeys();
  }

  /**
   * Whose key it is; empty if it is nobody's, or was revoked.
   *
   * @param sha256 of the key, in lower-case hexadecimal
   */
  public Optional<String> ownerOf(String sha256) {
    return directory
        .key(sha256)
        .filter(key -> key.getRevokedAt().isEmpty())
        .map(TenantKey::getTenant);
  }

  /** A tenant's weight against others, positive. */
  public double weight(String tenant) {
    return directory.weight(tenant);
  }

  /** True if a tenant may ask for a model, by the name that clients use. */
  public boolean allowsModel(String tenant, String model) {
    Optional<Tenant> known = directory.tenant(tenant);
    return known.isEmpty() || allowsModel(known.get(), model);
  }

  /** True if a tenant may use a class. */
  public boolean allowsClass(String tenant, RequestClass requestClass) {
    Optional<Tenant> known = directory.tenant(tenant);
    return known.isEmpty() || allowsClass(known.get(), requestClass);
  }

  private static boolean allowsModel(Tenant tenant, String model) {
    return tenant.getModels().isEmpty() || tenant.getModels().contains(model);
  }

  private static boolean allowsClass(Tenant tenant, RequestClass requestClass) {
    return tenant.getClasses().isEmpty() || tenant.getClasses().contains(requestClass);
  }

  /**
   * Lets a request pass if its tenant may ask for that, and so much; then it counts.
   *
   * @param expectation asked only for tenants with limits
   */
  public Pass pass(
      String name,
      String model,
      RequestClass requestClass,
      String pool,
      Supplier<Expected> expectation) {
    Optional<Tenant> known = directory.tenant(name);
    if (known.isEmpty()) {
      return new Pass.Granted(Optional.empty());
    }
    Tenant tenant = known.get();
    if (!allowsModel(tenant, model)) {
      return new Pass.ModelNotAllowed(model);
    }
    if (!allowsClass(tenant, requestClass)) {
      return new Pass.ClassNotAllowed(requestClass.name().toLowerCase(Locale.ROOT));
    }
    if (!TenantLimits.hasLimits(tenant)) {
      return new Pass.Granted(Optional.empty());
    }
    Expected expected = expectation.get();
    double tokens = (double) expected.promptTokens() + expected.outputTokens();
    double cost = price(pool).of(expected.promptTokens(), expected.outputTokens());
    return switch (limits.take(tenant, tokens, cost)) {
      case LimitVerdict.Taken taken -> new Pass.Granted(Optional.of(taken));
      case LimitVerdict.Refused refused -> new Pass.LimitReached(refused);
    };
  }

  /** What a pool's tokens cost. */
  public Price price(String pool) {
    return prices.getOrDefault(pool, Price.NOTHING);
  }

  /** Heartbeats were read; always on the same thread. */
  public void heard(Members members) {
    limits.hear(members);
  }

  /** What is to be said in the next heartbeat. */
  public List<TenantUse> beat() {
    return limits.beat();
  }

  @Override
  public void close() {
    directory.close();
    spending.close();
  }
}
