package io.weir.controller.admin;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.ConfigNode;
import io.weir.routing.config.ConfigNode.Mapping;
import io.weir.routing.config.Configs;
import io.weir.routing.config.Default;
import io.weir.schemas.BudgetPeriod;
import io.weir.schemas.RequestClass;
import io.weir.schemas.Tenant;
import io.weir.schemas.TenantBudget;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A tenant as an operator describes it. */
final class TenantBody {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,62}");
  private static final int MOST_NAMES = 1_000;
  private static final Set<String> SHOWN_ONLY = Set.of("name", "changed-at");

  private TenantBody() {}

  /**
   * What a tenant may do; what is not said is not limited.
   *
   * @param weight against other tenants of its class, positive
   */
  record Terms(
      @Default("1") double weight,
      Optional<Integer> requestsPerMinute,
      Optional<Long> tokensPerMinute,
      List<Budget> budgets,
      List<String> models,
      List<RequestClass> classes,
      List<String> regions) {
    Terms {
      if (!(weight > 0) || weight > 1e6) {
        throw new ConfigException("weight", "must be above 0 and at most 1000000, is " + weight);
      }
      positive("requests-per-minute", requestsPerMinute.map(Integer::doubleValue));
      positive("tokens-per-minute", tokensPerMinute.map(Long::doubleValue));
      if (budgets.stream().map(Budget::period).distinct().count() < budgets.size()) {
        throw new ConfigException("budgets", "may have one budget of each period");
      }
      if (Math.max(models.size(), regions.size()) > MOST_NAMES) {
        throw new ConfigException("models", "and regions may have 1000 names each");
      }
    }
  }

  /**
   * What a tenant may use up in a day or month.
   *
   * @param cost US dollars
   */
  record Budget(BudgetPeriod period, Optional<Long> tokens, Optional<Double> cost) {
    Budget {
      positive("tokens", tokens.map(Long::doubleValue));
      positive("cost", cost);
      if (tokens.isEmpty() && cost.isEmpty()) {
        throw new ConfigException("tokens", "or cost must be given");
      }
    }
  }

  private static void positive(String key, Optional<Double> value) {
    if (value.filter(each -> !(each > 0) || each.isInfinite()).isPresent()) {
      throw new ConfigException(key, "must be above 0, is " + value.get());
    }
  }

  /**
   * Checks a name.
   *
   * @throws AdminException with 400 if no tenant can be called so
   */
  static void checkName(String name) throws AdminException {
    if (!NAME.matcher(name).matches()) {
      throw new AdminException(
          400,
          "invalid_value",
          "name",
          "A tenant's name is 1 to 63 letters, digits and . _ @ - and begins with a letter or"
              + " digit.");
    }
  }

  /**
   * Reads a tenant.
   *
   * @param name as it stands in the path
   * @throws AdminException if the body does not describe a tenant
   */
  static Tenant read(String name, byte[] body) throws AdminException {
    checkName(name);
    Map<String, ConfigNode> entries = new LinkedHashMap<>();
    if (body.length > 0) {
      // What was shown can be sent back.
      JsonBody.entries(body).forEach((key, value) -> entries.put(key.replace('_', '-'), value));
      entries.keySet().removeAll(SHOWN_ONLY);
    }
    try {
      Terms terms = Configs.bind(Terms.class, new Mapping(entries, 0));
      return Tenant.newBuilder()
          .setName(name)
          .setWeight(terms.weight())
          .setRequestsPerMinute(terms.requestsPerMinute().orElse(null))
          .setTokensPerMinute(terms.tokensPerMinute().orElse(null))
          .setBudgets(terms.budgets().stream().map(TenantBody::budget).toList())
          .setModels(terms.models())
          .setClasses(terms.classes())
          .setRegions(terms.regions())
          .setChangedAt(Instant.EPOCH)
          .build();
    } catch (ConfigException problem) {
      throw new AdminException(
          400, "invalid_value", problem.key(), problem.key() + ": " + problem.problem());
    }
  }

  private static TenantBudget budget(Budget budget) {
    return TenantBudget.newBuilder()
        .setPeriod(budget.period())
        .setTokens(budget.tokens().orElse(null))
        .setCost(budget.cost().orElse(null))
        .build();
  }
}
