package io.weir.flink.kafka;

import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/** What Flink's connector and Kafka's clients want to be given in different shapes. */
final class Clients {
  private Clients() {}

  static Map<String, String> text(Properties properties) {
    return properties.stringPropertyNames().stream()
        .collect(Collectors.toMap(key -> key, properties::getProperty));
  }

  /** An object of a class that the settings name, from the job's own jar. */
  static <C> C instance(String name, Class<C> kind, ClassLoader loader) {
    try {
      return kind.cast(
          Class.forName(name, true, loader)
              .asSubclass(kind)
              .getDeclaredConstructor()
              .newInstance());
    } catch (ReflectiveOperationException | ClassCastException unusable) {
      throw new IllegalArgumentException(
          "%s cannot be used as a %s: it must be on the job's class path, be one and have a constructor without parameters."
              .formatted(name, kind.getSimpleName()),
          unusable);
    }
  }
}
