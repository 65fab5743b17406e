package io.weir.routing.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A configuration file as a tree, whatever its syntax was; every node knows its line. */
public sealed interface ConfigNode {
  /** Line in the file, from 1; 0 if the node comes from no file. */
  int line();

  /** A single value as text. */
  record Scalar(String text, int line) implements ConfigNode {}

  /** Values in order. */
  record Sequence(List<ConfigNode> items, int line) implements ConfigNode {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /** Values by key, in the file's order. */
  record Mapping(Map<String, ConfigNode> entries, int line) implements ConfigNode {
    public Mapping {
      entries = new LinkedHashMap<>(entries);
    }

    /** A mapping without entries, of which every value takes its default. */
    public static Mapping empty() {
      return new Mapping(Map.of(), 0);
    }
  }
}
