package io.weir.launcher.cli;

import static io.weir.launcher.view.TextTable.Side.LEFT;
import static io.weir.launcher.view.TextTable.Side.RIGHT;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.launcher.view.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Tenants, their keys and what they used, for people. */
final class TenantText {
  private static final String NONE = "-";

  private TenantText() {}

  static List<String> tenants(JsonNode tenants) {
    TextTable table =
        new TextTable()
            .column("TENANT", LEFT)
            .column("WEIGHT", RIGHT)
            .column("REQ/MIN", RIGHT)
            .column("TOKENS/MIN", RIGHT)
            .column("BUDGETS", LEFT)
            .column("MODELS", LEFT)
            .column("CLASSES", LEFT)
            .column("REGIONS", LEFT);
    for (JsonNode tenant : tenants) {
      table.row(
          tenant.path("name").asText(),
          number(tenant.path("weight")),
          limit(tenant.path("requests_per_minute")),
          limit(tenant.path("tokens_per_minute")),
          budgets(tenant.path("budgets")),
          names(tenant.path("models")),
          names(tenant.path("classes")),
          names(tenant.path("regions")));
    }
    return table.lines();
  }

  static List<String> keys(JsonNode keys) {
    TextTable table =
        new TextTable()
            .column("KEY ID", LEFT)
            .column("NOTE", LEFT)
            .column("CREATED", LEFT)
            .column("REVOKED", LEFT);
    for (JsonNode key : keys) {
      table.row(
          key.path("id").asText(),
          key.path("note").asText(),
          key.path("created_at").asText(),
          key.path("revoked_at").isNull() ? NONE : key.path("revoked_at").asText());
    }
    return table.lines();
  }

  /** Limits beside what is used of them. */
  static List<String> use(JsonNode use) {
    JsonNode tenant = use.path("tenant");
    List<String> lines = new ArrayList<>();
    lines.add(
        "now        %s of %s requests per minute, %s of %s tokens per minute"
            .formatted(
                number(use.at("/now/requests")),
                limit(tenant.path("requests_per_minute")),
                number(use.at("/now/tokens")),
                limit(tenant.path("tokens_per_minute"))));
    for (String period : List.of("day", "month")) {
      JsonNode spent = use.path(period);
      JsonNode budget = budget(tenant, period);
      lines.add(
          "%-10s %d requests, %d prompt + %d output tokens%s, $%.4f%s; until %s"
              .formatted(
                  period,
                  spent.path("requests").asLong(),
                  spent.path("prompt_tokens").asLong(),
                  spent.path("output_tokens").asLong(),
                  of(budget.path("tokens"), ""),
                  spent.path("cost").asDouble(),
                  of(budget.path("cost"), "$"),
                  spent.path("ends_at").asText()));
    }
    lines.add(
        "running    about %d tokens, $%.4f"
            .formatted(use.at("/day/open_tokens").asLong(), use.at("/day/open_cost").asDouble()));
    return lines;
  }

  private static JsonNode budget(JsonNode tenant, String period) {
    for (JsonNode budget : tenant.path("budgets")) {
      if (budget.path("period").asText().equals(period)) {
        return budget;
      }
    }
    return tenant.path("no budget");
  }

  private static String of(JsonNode limit, String unit) {
    return limit.isNumber() ? " of " + unit + number(limit) : "";
  }

  private static String budgets(JsonNode budgets) {
    List<String> all = new ArrayList<>();
    for (JsonNode budget : budgets) {
      for (String what : List.of("tokens", "cost")) {
        if (budget.path(what).isNumber()) {
          all.add(budget.path("period").asText() + ":" + what + "=" + number(budget.path(what)));
        }
      }
    }
    return all.isEmpty() ? NONE : String.join(" ", all);
  }

  private static String names(JsonNode names) {
    List<String> all = new ArrayList<>();
    names.forEach(name -> all.add(name.asText()));
    return all.isEmpty() ? "all" : String.join(",", all);
  }

  private static String limit(JsonNode limit) {
    return limit.isNumber() ? number(limit) : NONE;
  }

  private static String number(JsonNode number) {
    double value = number.asDouble();
    return value == Math.rint(value)
        ? Long.toString(Math.round(value))
        : String.format(Locale.ROOT, "%.2f", value);
  }
}
