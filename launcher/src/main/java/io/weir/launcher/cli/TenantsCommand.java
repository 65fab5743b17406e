package io.weir.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weir tenants} and what is below it. */
@Command(
    name = "tenants",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    subcommands = {
      TenantsCommand.Listing.class,
      TenantsCommand.Create.class,
      TenantsCommand.Change.class,
      TenantsCommand.Remove.class,
      TenantsCommand.Use.class,
      TenantsCommand.Keys.class,
      TenantsCommand.CreateKey.class,
      TenantsCommand.Revoke.class
    },
    description = {
      "Who may send requests, by which keys, and how much.",
      "As soon as there is any key, nobody is served without one."
    })
public final class TenantsCommand extends TenantStep {
  private static final String PATH = "/admin/tenants";

  /** Without a subcommand, all tenants are listed. */
  @Override
  List<String> run(AdminApi api) throws InterruptedException {
    return TenantText.tenants(api.ask("GET", PATH).path("tenants"));
  }

  private static String path(String tenant) {
    return PATH + "/" + AdminApi.segment(tenant);
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Shows all tenants and what they may do.")
  static final class Listing extends TenantStep {
    @Option(names = "--json", description = "As a JSON array.")
    private boolean json;

    @Override
    List<String> run(AdminApi api) throws InterruptedException {
      JsonNode tenants = api.ask("GET", PATH).path("tenants");
      return json ? List.of(tenants.toPrettyString()) : TenantText.tenants(tenants);
    }
  }

  @Command(
      name = "create",
      sortOptions = false,
      mixinStandardHelpOptions = true,
      description = "Creates a tenant; what is not limited is not limited.")
  static final class Create extends TenantStep.OfTenant {
    @Mixin private TenantOptions options = new TenantOptions();

    @Override
    List<String> run(AdminApi api, String tenant) throws InterruptedException {
      api.ask("POST", path(tenant), options.change(TenantOptions.unlimited()));
      return List.of(
          tenant + " is there; ./weir tenants create-key " + tenant + " makes a key for it.");
    }
  }

  @Command(
      name = "set",
      sortOptions = false,
      mixinStandardHelpOptions = true,
      description = "Changes what a tenant may do; what is not named stays as it is.")
  static final class Change extends TenantStep.OfTenant {
    @Mixin private TenantOptions options = new TenantOptions();

    @Override
    List<String> run(AdminApi api, String tenant) throws InterruptedException {
      ObjectNode now = (ObjectNode) api.ask("GET", path(tenant));
      JsonNode changed = api.ask("PUT", path(tenant), options.change(now));
      return TenantText.tenants(TenantOptions.unlimited().withArray("tenants").add(changed));
    }
  }

  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = "Revokes all keys of a tenant and removes it.")
  static final class Remove extends TenantStep.OfTenant {
    @Override
    List<String> run(AdminApi api, String tenant) throws InterruptedException {
      api.ask("DELETE", path(tenant));
      return List.of(tenant + " is removed, and its keys are revoked.");
    }
  }

  @Command(
      name = "use",
      mixinStandardHelpOptions = true,
      description = "Shows what a tenant uses now, and what it used this day and month.")
  static final class Use extends TenantStep.OfTenant {
    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Override
    List<String> run(AdminApi api, String tenant) throws InterruptedException {
      JsonNode use = api.ask("GET", path(tenant) + "/use");
      return json ? List.of(use.toPrettyString()) : TenantText.use(use);
    }
  }

  @Command(
      name = "keys",
      mixinStandardHelpOptions = true,
      description = "Shows a tenant's keys by their ids; the keys themselves are kept nowhere.")
  static final class Keys extends TenantStep.OfTenant {
    @Override
    List<String> run(AdminApi api, String tenant) throws InterruptedException {
      return TenantText.keys(api.ask("GET", path(tenant) + "/keys").path("keys"));
    }
  }

  @Command(
      name = "create-key",
      mixinStandardHelpOptions = true,
      description = "Makes a key for a tenant and shows it, once.")
  static final class CreateKey extends TenantStep.OfTenant {
    @Option(names = "--note", defaultValue = "", description = "What it is for.")
    private String note;

    @Override
    List<String> run(AdminApi api, String tenant) throws InterruptedException {
      ObjectNode body = TenantOptions.unlimited().put("note", note);
      JsonNode made = api.ask("POST", path(tenant) + "/keys", body);
      return List.of(
          made.path("key").asText(),
          "This is key "
              + made.path("id").asText()
              + " of "
              + tenant
              + ". Keep it: it is not shown again.");
    }
  }

  @Command(
      name = "revoke",
      mixinStandardHelpOptions = true,
      description = "Ends a key for good; ingresses know within a second.")
  static final class Revoke extends TenantStep {
    @Parameters(paramLabel = "KEY-ID", description = "As ./weir tenants keys shows it.")
    private String key;

    @Override
    List<String> run(AdminApi api) throws InterruptedException {
      JsonNode revoked = api.ask("POST", "/admin/tenant-keys/" + AdminApi.segment(key) + "/revoke");
      return List.of(
          key
              + " of "
              + revoked.path("tenant").asText()
              + " is revoked since "
              + revoked.path("revoked_at").asText()
              + ".");
    }
  }
}
