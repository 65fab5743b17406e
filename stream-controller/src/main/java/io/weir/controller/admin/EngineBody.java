package io.weir.controller.admin;

import io.weir.controller.fleet.UrlCredentials;
import io.weir.routing.config.ConfigException;
import io.weir.routing.config.ConfigNode;
import io.weir.routing.config.ConfigNode.Mapping;
import io.weir.routing.config.ConfigNode.Scalar;
import io.weir.routing.config.Configs;
import io.weir.routing.fleet.Engine;
import io.weir.routing.fleet.Fleet;
import io.weir.routing.fleet.FleetRecords;
import io.weir.schemas.EngineSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** An engine as an operator describes it: the configuration file's keys, in JSON. */
final class EngineBody {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@-]{0,127}");

  private EngineBody() {}

  /**
   * Reads an engine.
   *
   * @param id as it stands in the path
   * @param fleet whose pools there are
   * @throws AdminException if the body does not describe an engine of this fleet
   */
  static EngineSpec read(String id, byte[] body, Fleet fleet) throws AdminException {
    if (!ID.matcher(id).matches()) {
      throw new AdminException(
          400,
          "invalid_value",
          "id",
          "An engine's id is 1 to 128 letters, digits and . _ : / @ - and begins with a letter or"
              + " digit.");
    }
    Map<String, ConfigNode> entries = JsonBody.entries(body);
    if (entries.get("id") instanceof Scalar other && !other.text().equals(id)) {
      throw new AdminException(
          400, "invalid_value", "id", "The body's id is not the path's; leave it out.");
    }
    if (entries.containsKey("api-key")) {
      throw new AdminException(
          400,
          "invalid_value",
          "api-key",
          "Keys are never written to Kafka: engines that need one belong into the configuration"
              + " file.");
    }
    entries.put("id", new Scalar(id, 0));
    try {
      Engine engine = Configs.bind(Engine.class, new Mapping(entries, 0));
      UrlCredentials.refuse(engine);
      List<Engine> all = new ArrayList<>(fleet.engines());
      all.add(engine);
      return FleetRecords.engines(fleet.withEngines(all)).getLast();
    } catch (ConfigException problem) {
      throw new AdminException(
          400, "invalid_value", problem.key(), problem.key() + ": " + problem.problem());
    }
  }
}
