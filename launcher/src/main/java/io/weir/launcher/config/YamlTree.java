package io.weir.launcher.config;

import io.weir.routing.config.ConfigNode;
import io.weir.routing.config.ConfigNode.Mapping;
import io.weir.routing.config.ConfigNode.Scalar;
import io.weir.routing.config.ConfigNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads YAML 1.2 text as a configuration tree whose nodes know their lines. */
final class YamlTree {
  /** Aliases are expanded, so a few nested ones could stand for billions of values. */
  private static final int MAX_NODES = 100_000;

  private static final int MAX_DEPTH = 32;

  private final String file;
  private final Placeholders placeholders;
  private int nodes;

  private YamlTree(String file, Placeholders placeholders) {
    this.file = file;
    this.placeholders = placeholders;
  }

  /**
   * Reads a document.
   *
   * @param file its name in errors
   * @throws ConfigFileException if it is not YAML, not a mapping, repeats a key or names an unset
   *     variable
   */
  static Mapping read(String file, String text, Function<String, Optional<String>> environment) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setUseMarks(true)
            .setMaxAliasesForCollections(MAX_NODES)
            .build();
    Optional<Node> root;
    try {
      root = new Compose(settings).composeString(text);
    } catch (MarkedYamlEngineException e) {
      throw new ConfigFileException(
          file, e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1), "", e.getProblem());
    } catch (YamlEngineException e) {
      throw new ConfigFileException(file, "is not YAML: " + e.getMessage());
    }
    if (root.isEmpty()) {
      return Mapping.empty();
    }
    ConfigNode tree = new YamlTree(file, new Placeholders(environment)).node(root.get(), "", 0);
    return switch (tree) {
      case Mapping mapping -> mapping;
      case Scalar scalar when scalar.text().isEmpty() -> Mapping.empty();
      default ->
          throw new ConfigFileException(
              file, tree.line(), "", "the file must be a mapping of sections to values");
    };
  }

  private ConfigNode node(Node node, String key, int depth) {
    int line = line(node);
    if (depth > MAX_DEPTH || ++nodes > MAX_NODES) {
      throw new ConfigFileException(
          file,
          line,
          key,
          "too deep or too large; at most "
              + MAX_DEPTH
              + " levels and "
              + MAX_NODES
              + " values, aliases counted each time");
    }
    return switch (node) {
      case ScalarNode scalar -> new Scalar(fill(scalar.getValue(), key, line), line);
      case SequenceNode sequence -> {
        List<ConfigNode> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
          items.add(node(item, key + "[" + items.size() + "]", depth + 1));
        }
        yield new Sequence(items, line);
      }
      case MappingNode mapping -> mapping(mapping, key, depth, line);
      default -> throw new ConfigFileException(file, line, key, "not a value Weir can read");
    };
  }

  private Mapping mapping(MappingNode mapping, String path, int depth, int line) {
    Map<String, ConfigNode> entries = new LinkedHashMap<>();
    for (NodeTuple entry : mapping.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode name)) {
        throw new ConfigFileException(
            file, line(entry.getKeyNode()), path, "a key must be a plain word");
      }
      String key = path.isEmpty() ? name.getValue() : path + "." + name.getValue();
      if (entries.containsKey(name.getValue())) {
        throw new ConfigFileException(
            file,
            line(name),
            key,
            "given twice, first in line " + entries.get(name.getValue()).line());
      }
      ConfigNode value = node(entry.getValueNode(), key, depth + 1);
      entries.put(name.getValue(), at(value, line(name)));
    }
    return new Mapping(entries, line);
  }

  /** A value is found by its key, so the key's line is its line, wherever an alias leads. */
  private static ConfigNode at(ConfigNode node, int line) {
    return switch (node) {
      case Scalar scalar -> new Scalar(scalar.text(), line);
      case Sequence sequence -> new Sequence(sequence.items(), line);
      case Mapping mapping -> new Mapping(mapping.entries(), line);
    };
  }

  private String fill(String text, String key, int line) {
    try {
      return placeholders.fill(text);
    } catch (IllegalArgumentException e) {
      throw new ConfigFileException(file, line, key, e.getMessage());
    }
  }

  private static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }
}
