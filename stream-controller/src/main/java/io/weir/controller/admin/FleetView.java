package io.weir.controller.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.weir.controller.fleet.FleetTopics;
import io.weir.controller.telemetry.EngineTelemetry;
import io.weir.controller.telemetry.Ownership;
import io.weir.controller.telemetry.SeenSample;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.Role;
import io.weir.schemas.RoutingWeights;
import io.weir.schemas.members.Members;
import io.weir.schemas.members.Members.LiveMember;
import io.weir.schemas.members.Membership;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What operators are shown. */
final class FleetView {
  private final FleetTopics fleet;
  private final EngineTelemetry telemetry;
  private final Membership membership;
  private final WeightTables weights;

  FleetView(
      FleetTopics fleet, EngineTelemetry telemetry, Membership membership, WeightTables weights) {
    this.fleet = fleet;
    this.telemetry = telemetry;
    this.membership = membership;
    this.weights = weights;
  }

  byte[] engines() {
    List<String> controllers = controllers();
    return Replies.object(
        json -> {
          json.writeArrayFieldStart("engines");
          for (EngineSpec spec : fleet.engines().values()) {
            json.writeStartObject();
            engine(json, spec, controllers);
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  byte[] engine(EngineSpec spec) {
    return Replies.object(json -> engine(json, spec, controllers()));
  }

  private void engine(JsonGenerator json, EngineSpec spec, List<String> controllers)
      throws IOException {
    RecordJson.fields(json, spec);
    json.writeStringField("owner", Ownership.ownerOf(spec.getId(), controllers).orElse(null));
    Optional<SeenSample> seen = telemetry.latest(spec.getId());
    json.writeFieldName("sample");
    RecordJson.value(json, seen.map(SeenSample::sample).orElse(null));
    json.writeFieldName("sample_age_ms");
    RecordJson.value(json, seen.map(each -> each.age().toMillis()).orElse(null));
  }

  byte[] weights(Optional<String> source, Optional<String> pool) {
    List<RoutingWeights> tables =
        weights.all().stream()
            .filter(table -> source.isEmpty() || table.getSource().equals(source.get()))
            .filter(table -> pool.isEmpty() || table.getPool().equals(pool.get()))
            .toList();
    return list("weights", tables);
  }

  byte[] geography() {
    return list("links", List.copyOf(fleet.links().values()));
  }

  byte[] members() {
    Members members = membership.current();
    return Replies.object(
        json -> {
          json.writeArrayFieldStart("members");
          for (LiveMember each : members.live()) {
            json.writeStartObject();
            RecordJson.fields(json, each.member());
            json.writeNumberField(
                "heartbeat_age_ms", Math.max(0, members.clockMillis() - each.appendedMillis()));
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private static byte[] list(String name, List<?> records) {
    return Replies.object(
        json -> {
          json.writeFieldName(name);
          RecordJson.value(json, records);
        });
  }

  private List<String> controllers() {
    return membership.current().ids(Role.CONTROLLER);
  }
}
