package io.weir.schemas;

import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes every schema known to the registry before the first request needs one. */
public final class SchemaRegistration {
  private static final Logger LOG = LoggerFactory.getLogger(SchemaRegistration.class);

  private SchemaRegistration() {}

  /**
   * Registers all schemas, or looks them up where {@code auto.register.schemas} is false, and
   * remembers their ids for the serializers and deserializers of this process.
   *
   * @return the ids by subject
   * @throws SchemaRegistryException if the registry cannot be reached or refuses
   */
  public static Map<String, Integer> registerAll(KafkaSettings settings) {
    Map<String, Integer> ids = new TreeMap<>();
    try (SchemaRegistryClient registry = SchemaRegistryClient.of(settings.properties())) {
      for (Map.Entry<String, Schema> subject : Subjects.current().entrySet()) {
        int id = registry.id(subject.getKey(), subject.getValue());
        registry.schema(id);
        ids.put(subject.getKey(), id);
      }
      LOG.info("schemas registered registry={} ids={}", registry.urls(), ids);
    }
    return Map.copyOf(ids);
  }
}
