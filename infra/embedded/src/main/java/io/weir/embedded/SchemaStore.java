package io.weir.embedded;

import io.weir.schemas.BundledSchema;
import io.weir.schemas.PortableSchema;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;

/** What the embedded registry answers from: a fixed set of schemas. */
final class SchemaStore {
  private static final String LATEST = "latest";

  private final TreeMap<String, List<Entry>> subjects;

  /** A schema with its parsed form, by which others are found to be the same. */
  record Entry(BundledSchema bundled, Schema schema) {}

  SchemaStore(List<BundledSchema> schemas) {
    this.subjects =
        schemas.stream()
            .sorted(Comparator.comparingInt(BundledSchema::version))
            .map(bundled -> new Entry(bundled, bundled.schema()))
            .collect(
                Collectors.groupingBy(
                    entry -> entry.bundled().subject(), TreeMap::new, Collectors.toList()));
  }

  List<String> subjects() {
    return List.copyOf(subjects.keySet());
  }

  /** All versions, oldest first. */
  List<Entry> versions(String subject) {
    return Optional.ofNullable(subjects.get(subject))
        .orElseThrow(() -> RegistryFault.subjectNotFound(subject));
  }

  /** One version by its number, or the newest by {@code latest} or -1. */
  Entry version(String subject, String version) {
    List<Entry> versions = versions(subject);
    int number = number(version);
    if (number == -1) {
      return versions.getLast();
    }
    return versions.stream()
        .filter(entry -> entry.bundled().version() == number)
        .findFirst()
        .orElseThrow(
            () ->
                new RegistryFault(
                    RegistryFault.VERSION_NOT_FOUND, "Version " + version + " not found."));
  }

  List<Entry> byId(String id) {
    List<Entry> found =
        subjects.values().stream()
            .flatMap(List::stream)
            .filter(entry -> Integer.toString(entry.bundled().id()).equals(id))
            .toList();
    if (found.isEmpty()) {
      throw new RegistryFault(RegistryFault.SCHEMA_NOT_FOUND, "Schema " + id + " not found");
    }
    return found;
  }

  /** The version that is the same schema, whatever a Java client has added to it. */
  Optional<Entry> find(String subject, Schema sent) {
    Schema schema = PortableSchema.of(sent);
    return versions(subject).stream()
        .filter(entry -> entry.schema().equals(schema))
        .reduce((older, newer) -> newer);
  }

  static Schema parse(String text) {
    try {
      return new Schema.Parser().parse(text);
    } catch (SchemaParseException bad) {
      throw new RegistryFault(
          RegistryFault.INVALID_SCHEMA, "Invalid Avro schema: " + bad.getMessage());
    }
  }

  private static int number(String version) {
    try {
      int number = version.equals(LATEST) ? -1 : Integer.parseInt(version);
      if (number == -1 || number > 0) {
        return number;
      }
    } catch (NumberFormatException notOne) {
      throw invalidVersion(version);
    }
    throw invalidVersion(version);
  }

  private static RegistryFault invalidVersion(String version) {
    return new RegistryFault(
        RegistryFault.INVALID_VERSION,
        "The specified version '%s' is not a valid version id. Allowed values are between [1, 2^31-1] and the string \"latest\"."
            .formatted(version));
  }
}
