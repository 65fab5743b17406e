package io.weir.launcher.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a tenant may do, as options. What is not given stays as it is. */
final class TenantOptions {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NONE = "none";
  private static final Pattern BUDGET =
      Pattern.compile("(day|month):(tokens|cost)=([0-9_]+(?:\\.[0-9]+)?|none)");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--weight", paramLabel = "W", description = "Share against other tenants.")
  private Optional<Double> weight;

  @Option(
      names = "--rpm",
      paramLabel = "N",
      description = "Requests per minute, or none for no limit.")
  private Optional<String> requestsPerMinute;

  @Option(
      names = "--tpm",
      paramLabel = "N",
      description = "Tokens per minute, prompts and answers, or none for no limit.")
  private Optional<String> tokensPerMinute;

  @Option(
      names = "--budget",
      paramLabel = "PERIOD:WHAT=N",
      description =
          "Such as day:tokens=1000000 or month:cost=50 (US dollars), or month:cost=none. Days and months of UTC. May be repeated.")
  private List<String> budgets = List.of();

  @Option(
      names = "--model",
      paramLabel = "NAME",
      split = ",",
      description = "The only models it may ask for, or all. May be repeated.")
  private List<String> models = List.of();

  @Option(
      names = "--class",
      paramLabel = "CLASS",
      split = ",",
      description =
          "The only classes it may use: priority, standard, flex, batch; or all. May be repeated.")
  private List<String> classes = List.of();

  @Option(
      names = "--region",
      paramLabel = "NAME",
      split = ",",
      description = "The only regions whose engines may see its requests, or all. May be repeated.")
  private List<String> regions = List.of();

  /** A tenant that is not limited in any way. */
  static ObjectNode unlimited() {
    return JSON.createObjectNode();
  }

  /** Changes what was asked for in a tenant as the controller shows it. */
  ObjectNode change(ObjectNode tenant) {
    weight.ifPresent(given -> tenant.put("weight", given));
    requestsPerMinute.ifPresent(given -> number(tenant, "requests_per_minute", given));
    tokensPerMinute.ifPresent(given -> number(tenant, "tokens_per_minute", given));
    budgets.forEach(given -> budget(tenant, given));
    names(tenant, "models", models);
    names(tenant, "classes", classes);
    names(tenant, "regions", regions);
    return tenant;
  }

  private static void number(ObjectNode tenant, String field, String given) {
    if (given.equals(NONE)) {
      tenant.putNull(field);
    } else {
      tenant.put(field, given);
    }
  }

  private static void names(ObjectNode tenant, String field, List<String> given) {
    if (given.isEmpty()) {
      return;
    }
    ArrayNode names = tenant.putArray(field);
    if (!given.equals(List.of("all"))) {
      given.forEach(names::add);
    }
  }

  private void budget(ObjectNode tenant, String given) {
    Matcher parts = BUDGET.matcher(given);
    if (!parts.matches()) {
      throw new ParameterException(
          spec.commandLine(),
          "--budget must be such as day:tokens=1000000 or month:cost=50, not " + given);
    }
    ArrayNode all = tenant.withArray("budgets");
    ObjectNode budget = null;
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).path("period").asText().equals(parts.group(1))) {
        budget = (ObjectNode) all.remove(i);
        break;
      }
    }
    budget = budget == null ? JSON.createObjectNode().put("period", parts.group(1)) : budget;
    if (parts.group(3).equals(NONE)) {
      budget.remove(parts.group(2));
    } else {
      budget.put(parts.group(2), parts.group(3).replace("_", ""));
    }
    if (budget.hasNonNull("tokens") || budget.hasNonNull("cost")) {
      all.add(budget);
    }
  }
}
