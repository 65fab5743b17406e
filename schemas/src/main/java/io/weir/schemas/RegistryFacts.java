package io.weir.schemas;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;

/**
 * What registries have said, for the whole process. A registry never changes its answer (an id
 * means one schema for ever), so that whoever asks first, usually {@link SchemaRegistration} at
 * start, asks for every serializer and deserializer that Kafka's clients make later.
 */
final class RegistryFacts {
  private static final int MAX_FACTS = 10_000;
  private static final Map<IdKey, Integer> IDS = new ConcurrentHashMap<>();
  private static final Map<SchemaKey, Schema> SCHEMAS = new ConcurrentHashMap<>();

  private RegistryFacts() {}

  private record IdKey(String registry, String subject, Schema schema) {}

  private record SchemaKey(String registry, int id) {}

  static Optional<Integer> id(String registry, String subject, Schema schema) {
    return Optional.ofNullable(IDS.get(new IdKey(registry, subject, schema)));
  }

  static Optional<Schema> schema(String registry, int id) {
    return Optional.ofNullable(SCHEMAS.get(new SchemaKey(registry, id)));
  }

  static void learnId(String registry, String subject, Schema schema, int id) {
    if (IDS.size() < MAX_FACTS) {
      IDS.put(new IdKey(registry, subject, schema), id);
    }
  }

  static void learnSchema(String registry, int id, Schema schema) {
    if (SCHEMAS.size() < MAX_FACTS) {
      SCHEMAS.put(new SchemaKey(registry, id), schema);
    }
  }
}
