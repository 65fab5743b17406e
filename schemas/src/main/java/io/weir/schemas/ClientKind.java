package io.weir.schemas;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The kinds of Kafka client, and which of the common properties each understands. */
enum ClientKind {
  PRODUCER,
  CONSUMER,
  ADMIN;

  private static final List<String> SERIALIZERS = List.of("key.serializer", "value.serializer");
  private static final List<String> DESERIALIZERS =
      List.of("key.deserializer", "value.deserializer");
  private static final List<String> REGISTRY =
      List.of("schema.registry.", "auto.register.schemas", "basic.auth.", "bearer.auth.", "http.");

  /** What the keys of properties for this kind alone begin with. */
  String prefix() {
    return name().toLowerCase(Locale.ROOT) + ".";
  }

  /** True if a property without such a prefix is for this kind too. */
  boolean takes(String key) {
    boolean common = Arrays.stream(values()).noneMatch(kind -> key.startsWith(kind.prefix()));
    return common
        && switch (this) {
          case PRODUCER -> !isOf(DESERIALIZERS, key);
          case CONSUMER -> !isOf(SERIALIZERS, key);
          case ADMIN ->
              !isOf(SERIALIZERS, key) && !isOf(DESERIALIZERS, key) && !isOf(REGISTRY, key);
        };
  }

  private static boolean isOf(List<String> prefixes, String key) {
    return prefixes.stream().anyMatch(key::startsWith);
  }
}
