package io.weir.controller.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.helidon.http.Method;
import io.helidon.webserver.http.ServerRequest;
import io.weir.controller.fleet.FleetWriteException;
import io.weir.controller.tenants.TenantTopics;
import io.weir.routing.config.ConfigNode;
import io.weir.routing.config.ConfigNode.Scalar;
import io.weir.routing.limit.BudgetCalendar;
import io.weir.schemas.BudgetPeriod;
import io.weir.schemas.Member;
import io.weir.schemas.Role;
import io.weir.schemas.Tenant;
import io.weir.schemas.TenantKey;
import io.weir.schemas.TenantUse;
import io.weir.schemas.members.Membership;
import io.weir.schemas.tenants.Spent;
import io.weir.schemas.tenants.TenantDirectory;
import io.weir.schemas.tenants.TenantSpending;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** The paths {@code /admin/tenants} and {@code /admin/tenant-keys}. */
final class TenantsApi {
  private static final int LONGEST_NOTE = 200;

  private final TenantTopics tenants;
  private final TenantSpending spending;
  private final Membership membership;
  private final Clock clock;

  TenantsApi(TenantTopics tenants, TenantSpending spending, Membership membership, Clock clock) {
    this.tenants = tenants;
    this.spending = spending;
    this.membership = membership;
    this.clock = clock;
  }

  /**
   * Answers a request.
   *
   * @param path what follows {@code /admin}
   */
  byte[] answer(List<String> path, ServerRequest request)
      throws AdminException, FleetWriteException, InterruptedException {
    if (!tenants.isCaughtUp()) {
      throw new AdminException(
          503, "not_ready", "This controller has not read the tenants yet; try again.");
    }
    if (path.getFirst().equals("tenant-keys")) {
      if (path.size() != 3 || !path.get(2).equals("revoke")) {
        throw AdminApi.unknownPath(request);
      }
      AdminApi.require(request, Method.POST);
      return revoke(path.get(1));
    }
    if (path.size() == 1) {
      AdminApi.require(request, Method.GET);
      return list();
    }
    String name = path.get(1);
    if (path.size() == 2) {
      return tenant(name, request);
    }
    if (path.size() == 3 && path.get(2).equals("keys")) {
      return keys(name, request);
    }
    if (path.size() == 3 && path.get(2).equals("use")) {
      AdminApi.require(request, Method.GET);
      return use(find(name));
    }
    throw AdminApi.unknownPath(request);
  }

  private byte[] list() {
    return Replies.object(
        json -> {
          json.writeFieldName("tenants");
          RecordJson.value(json, List.copyOf(tenants.tenants().values()));
        });
  }

  private byte[] tenant(String name, ServerRequest request)
      throws AdminException, FleetWriteException, InterruptedException {
    AdminApi.require(request, Method.GET, Method.POST, Method.PUT, Method.DELETE);
    Method method = request.prologue().method();
    if (method.equals(Method.POST) || method.equals(Method.PUT)) {
      Tenant asked = TenantBody.read(name, AdminApi.json(request));
      boolean there = tenants.tenant(name).isPresent();
      if (method.equals(Method.POST) && there) {
        throw new AdminException(
            409, "tenant_exists", "name", "There is a tenant '%s' already.".formatted(name));
      }
      if (!there && tenants.tenants().size() >= TenantDirectory.MOST_TENANTS) {
        throw new AdminException(
            409,
            "too_many_tenants",
            "There are %d tenants already.".formatted(TenantDirectory.MOST_TENANTS));
      }
      return shown(tenants.put(asked));
    }
    Tenant found = find(name);
    if (method.equals(Method.DELETE)) {
      tenants.remove(name);
      return Replies.object(
          json -> {
            json.writeStringField("name", name);
            json.writeBooleanField("removed", true);
          });
    }
    return shown(found);
  }

  private static byte[] shown(Tenant tenant) {
    return Replies.object(json -> RecordJson.fields(json, tenant));
  }

  private Tenant find(String name) throws AdminException {
    return tenants
        .tenant(name)
        .orElseThrow(
            () -> new AdminException(404, "unknown_tenant", "There is no tenant '" + name + "'."));
  }

  private byte[] keys(String name, ServerRequest request)
      throws AdminException, FleetWriteException, InterruptedException {
    AdminApi.require(request, Method.GET, Method.POST);
    find(name);
    if (request.prologue().method().equals(Method.POST)) {
      return createKey(name, request);
    }
    return Replies.object(
        json -> {
          json.writeArrayFieldStart("keys");
          for (TenantKey key : tenants.keysOf(name)) {
            json.writeStartObject();
            key(json, key);
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private byte[] createKey(String name, ServerRequest request)
      throws AdminException, FleetWriteException, InterruptedException {
    String note = "";
    if (request.content().hasEntity()) {
      ConfigNode given = JsonBody.entries(AdminApi.json(request)).get("note");
      note = given instanceof Scalar text ? text.text() : "";
    }
    if (note.length() > LONGEST_NOTE || note.chars().anyMatch(Character::isISOControl)) {
      throw new AdminException(
          400, "invalid_value", "note", "A note has at most 200 characters, and no control ones.");
    }
    if (tenants.keys().size() >= TenantDirectory.MOST_KEYS) {
      throw new AdminException(
          409, "too_many_keys", "There are %d keys already.".formatted(TenantDirectory.MOST_KEYS));
    }
    TenantTopics.Made made = tenants.createKey(name, note);
    return Replies.object(
        json -> {
          key(json, made.record());
          json.writeStringField("key", made.key());
        });
  }

  private byte[] revoke(String id)
      throws AdminException, FleetWriteException, InterruptedException {
    TenantKey revoked =
        tenants
            .revoke(id)
            .orElseThrow(
                () -> new AdminException(404, "unknown_key", "There is no key '" + id + "'."));
    return Replies.object(json -> key(json, revoked));
  }

  /** Neither the key, which nobody has, nor its digest. */
  private static void key(JsonGenerator json, TenantKey key) throws IOException {
    json.writeStringField("id", key.getId());
    json.writeStringField("tenant", key.getTenant());
    json.writeStringField("note", key.getNote());
    json.writeStringField("created_at", key.getCreatedAt().toString());
    json.writeStringField("revoked_at", key.getRevokedAt().map(Instant::toString).orElse(null));
  }

  private byte[] use(Tenant tenant) {
    Instant now = clock.instant();
    return Replies.object(
        json -> {
          json.writeObjectFieldStart("tenant");
          RecordJson.fields(json, tenant);
          json.writeEndObject();
          for (BudgetPeriod period : BudgetPeriod.values()) {
            Instant begins = BudgetCalendar.begin(period, now);
            json.writeObjectFieldStart(period.name().toLowerCase(Locale.ROOT));
            json.writeStringField("begins_at", begins.toString());
            json.writeStringField("ends_at", BudgetCalendar.end(period, begins).toString());
            spent(json, spending.spent(tenant.getName(), period, begins));
            json.writeEndObject();
          }
          rates(json, tenant.getName());
        });
  }

  private static void spent(JsonGenerator json, Spent spent) throws IOException {
    json.writeNumberField("requests", spent.requests());
    json.writeNumberField("prompt_tokens", spent.promptTokens());
    json.writeNumberField("output_tokens", spent.outputTokens());
    json.writeNumberField("cost", spent.cost());
    json.writeNumberField("open_tokens", spent.openTokens());
    json.writeNumberField("open_cost", spent.openCost());
  }

  /** What of the minute's limits is in use, as the ingress that knows of most says. */
  private void rates(JsonGenerator json, String tenant) throws IOException {
    double requests = 0;
    double tokens = 0;
    for (Member ingress : membership.current().of(Role.INGRESS)) {
      for (TenantUse use : ingress.getUses()) {
        if (use.getTenant().equals(tenant)) {
          requests = Math.max(requests, use.getRequestsLevel());
          tokens = Math.max(tokens, use.getTokensLevel());
        }
      }
    }
    json.writeObjectFieldStart("now");
    json.writeNumberField("requests", Math.round(requests));
    json.writeNumberField("tokens", Math.round(tokens));
    json.writeEndObject();
  }
}
