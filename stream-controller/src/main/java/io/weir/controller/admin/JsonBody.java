package io.weir.controller.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.routing.config.ConfigNode;
import io.weir.routing.config.ConfigNode.Mapping;
import io.weir.routing.config.ConfigNode.Scalar;
import io.weir.routing.config.ConfigNode.Sequence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Bodies that say in JSON what a configuration file says in YAML. */
final class JsonBody {
  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonBody() {}

  /**
   * The entries of an object; those that are null are left out.
   *
   * @throws AdminException with 400 if it is none
   */
  static Map<String, ConfigNode> entries(byte[] body) throws AdminException {
    try {
      JsonNode tree = JSON.readTree(body);
      if (tree.isObject()) {
        return new LinkedHashMap<>(((Mapping) node(tree)).entries());
      }
    } catch (JsonProcessingException bad) {
      throw new AdminException(
          400, "invalid_json", "The body is not JSON: " + bad.getOriginalMessage());
    } catch (IOException bad) {
      throw new AdminException(400, "invalid_json", "The body cannot be read.");
    }
    throw new AdminException(400, "invalid_json", "The body must be a JSON object.");
  }

  private static ConfigNode node(JsonNode json) {
    if (json.isObject()) {
      Map<String, ConfigNode> entries = new LinkedHashMap<>();
      json.properties().stream()
          .filter(each -> !each.getValue().isNull())
          .forEach(each -> entries.put(each.getKey(), node(each.getValue())));
      return new Mapping(entries, 0);
    }
    if (json.isArray()) {
      List<ConfigNode> items = new ArrayList<>();
      json.forEach(item -> items.add(node(item)));
      return new Sequence(items, 0);
    }
    return new Scalar(json.asText(), 0);
  }
}
