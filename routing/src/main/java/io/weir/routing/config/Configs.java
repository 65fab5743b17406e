package io.weir.routing.config;

import io.weir.routing.config.ConfigNode.Mapping;
import io.weir.routing.config.ConfigNode.Scalar;
import io.weir.routing.config.ConfigNode.Sequence;
import io.weir.routing.config.Scalars.Names;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Makes configuration records from configuration trees. A key is the component's name in kebab
 * case. An absent key takes the component's {@link Default}; without one an {@link Optional}, list
 * or map is empty, a nested record takes its own defaults, and anything else must be given. Unknown
 * keys are errors.
 */
public final class Configs {
  private Configs() {}

  /** The record with every default. */
  public static <R extends Record> R defaults(Class<R> type) {
    return bind(type, Mapping.empty());
  }

  /**
   * The record with some values given as text and every other default.
   *
   * @param values text by key in kebab case
   * @throws ConfigException if a value cannot be used
   */
  public static <R extends Record> R with(Class<R> type, Map<String, String> values) {
    Map<String, ConfigNode> entries = new LinkedHashMap<>();
    values.forEach((key, text) -> entries.put(key, new Scalar(text, 0)));
    return bind(type, new Mapping(entries, 0));
  }

  /**
   * The record a tree describes.
   *
   * @throws ConfigException if a value cannot be used, or a key is unknown or missing
   */
  public static <R extends Record> R bind(Class<R> type, Mapping tree) {
    return type.cast(record(type, tree, ""));
  }

  private static Object record(Class<?> type, Mapping tree, String path) {
    RecordComponent[] components = type.getRecordComponents();
    List<String> known =
        Arrays.stream(components).map(component -> Names.kebab(component.getName())).toList();
    tree.entries()
        .forEach(
            (key, node) -> {
              if (!known.contains(key)) {
                throw new ConfigException(
                    path + key,
                    "unknown key; known here: " + String.join(", ", known),
                    node.line());
              }
            });
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = component(components[i], tree, path + known.get(i));
    }
    return construct(type, components, values, tree, path);
  }

  private static Object component(RecordComponent component, Mapping tree, String path) {
    ConfigNode node = tree.entries().get(Names.kebab(component.getName()));
    if (node != null) {
      return value(component.getGenericType(), node, path);
    }
    Default fallback = component.getAnnotation(Default.class);
    if (fallback != null) {
      return value(component.getGenericType(), new Scalar(fallback.value(), 0), path);
    }
    Class<?> type = component.getType();
    if (type == Optional.class) {
      return Optional.empty();
    }
    if (type == List.class) {
      return List.of();
    }
    if (type == Map.class) {
      return Map.of();
    }
    if (type.isRecord() && !Scalars.reads(type)) {
      return record(type, new Mapping(Map.of(), tree.line()), path + ".");
    }
    throw new ConfigException(path, "missing; it has no default", tree.line());
  }

  private static Object value(Type type, ConfigNode node, String path) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      Class<?> raw = (Class<?>) generic.getRawType();
      if (raw == Optional.class) {
        return Optional.of(value(arguments[0], node, path));
      }
      return raw == List.class ? list(arguments[0], node, path) : map(arguments, node, path);
    }
    Class<?> plain = (Class<?>) type;
    return switch (node) {
      case Scalar scalar when Scalars.reads(plain) -> scalar(plain, scalar, path);
      case Mapping mapping when plain.isRecord() && !Scalars.reads(plain) ->
          record(plain, mapping, path + ".");
      case Scalar scalar when plain.isAnnotationPresent(Shorthand.class) ->
          record(plain, shorthand(plain, scalar), path + ".");
      default ->
          throw new ConfigException(
              path,
              plain.isRecord() && !Scalars.reads(plain)
                  ? "must be a mapping of keys to values"
                  : "must be a single value",
              node.line());
    };
  }

  private static Mapping shorthand(Class<?> type, Scalar scalar) {
    String key = type.getAnnotation(Shorthand.class).value();
    return new Mapping(Map.of(key, scalar), scalar.line());
  }

  private static Object scalar(Class<?> type, Scalar scalar, String path) {
    try {
      return Scalars.read(type, scalar.text());
    } catch (IllegalArgumentException e) {
      throw new ConfigException(path, e.getMessage(), scalar.line());
    }
  }

  private static List<Object> list(Type item, ConfigNode node, String path) {
    return switch (node) {
      case Sequence sequence ->
          IntStream.range(0, sequence.items().size())
              .mapToObj(i -> value(item, sequence.items().get(i), path + "[" + i + "]"))
              .toList();
      case Scalar scalar when scalar.text().isBlank() -> List.of();
      default -> throw new ConfigException(path, "must be a list", node.line());
    };
  }

  private static Map<Object, Object> map(Type[] types, ConfigNode node, String path) {
    Map<Object, Object> values = new LinkedHashMap<>();
    switch (node) {
      case Mapping mapping ->
          mapping
              .entries()
              .forEach(
                  (key, child) ->
                      values.put(
                          scalar((Class<?>) types[0], new Scalar(key, child.line()), path),
                          value(types[1], child, path + "." + key)));
      case Scalar scalar when scalar.text().isBlank() -> {}
      default -> throw new ConfigException(path, "must be a mapping", node.line());
    }
    return values;
  }

  private static Object construct(
      Class<?> type, RecordComponent[] components, Object[] values, Mapping tree, String path) {
    try {
      Constructor<?> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof ConfigException problem) {
        throw new ConfigException(
            path + problem.key(), problem.problem(), lineOf(tree, problem.key()));
      }
      throw new IllegalStateException(type + " failed on " + path, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be made from configuration", e);
    }
  }

  private static int lineOf(Mapping tree, String key) {
    int end = 0;
    while (end < key.length() && key.charAt(end) != '.' && key.charAt(end) != '[') {
      end++;
    }
    ConfigNode node = tree.entries().get(key.substring(0, end));
    return node == null ? tree.line() : node.line();
  }
}
