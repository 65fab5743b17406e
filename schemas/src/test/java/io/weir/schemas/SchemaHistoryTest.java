package io.weir.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Holds what data on disk depends on: committed versions and their ids never change.
 *
 * <p>{@code -Dweir.schemas=add} writes a new version of every subject that has changed, {@code
 * -Dweir.schemas=rewrite} overwrites the newest one, which is right only before its first release.
 */
class SchemaHistoryTest {
  private static List<BundledSchema> history;

  @BeforeAll
  static void writeIfAsked() throws IOException {
    history = BundledSchemas.all();
    String mode = System.getProperty("weir.schemas", "");
    if (!mode.isEmpty()) {
      history = new SchemaHistoryWriter(Path.of("src/main/resources/schemas")).write(history, mode);
    }
  }

  @Test
  void theNewestVersionIsTheGeneratedSchema() {
    Subjects.current()
        .forEach(
            (subject, generated) -> {
              Map<Integer, Schema> versions = versions(subject);
              if (versions.isEmpty()
                  || !versions.values().stream()
                      .reduce((first, second) -> second)
                      .get()
                      .equals(PortableSchema.of(generated))) {
                fail(how(subject));
              }
            });
  }

  @Test
  void everyVersionReadsAllBeforeIt() {
    for (String subject : Subjects.current().keySet()) {
      List<Schema> versions = List.copyOf(versions(subject).values());
      for (int newer = 1; newer < versions.size(); newer++) {
        for (int older = 0; older < newer; older++) {
          assertThat(
                  SchemaCompatibility.checkReaderWriterCompatibility(
                          versions.get(newer), versions.get(older))
                      .getType())
              .as("%s: version %d reads version %d", subject, newer + 1, older + 1)
              .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
        }
      }
    }
  }

  @Test
  void idsAreUniqueAndVersionsHaveNoGaps() {
    assertThat(history).extracting(BundledSchema::id).doesNotHaveDuplicates();
    assertThat(history).extracting(BundledSchema::id).allMatch(id -> id > 0);
    for (String subject : Subjects.current().keySet()) {
      assertThat(versions(subject).keySet())
          .startsWith(1)
          .endsWith(versions(subject).size())
          .hasSize(versions(subject).size());
    }
  }

  @Test
  void idsAreThoseThatWereReleased() {
    Map<String, Integer> ids =
        history.stream()
            .collect(Collectors.toMap(s -> s.subject() + "/" + s.version(), BundledSchema::id));
    assertThat(ids)
        .containsEntry("io.weir.schemas.InferenceRequest/1", 1)
        .containsEntry("io.weir.schemas.ResponseChunk/1", 2)
        .containsEntry("weir.lifecycle-value/1", 3);
  }

  private static Map<Integer, Schema> versions(String subject) {
    Map<Integer, Schema> versions = new TreeMap<>();
    history.stream()
        .filter(schema -> schema.subject().equals(subject))
        .forEach(schema -> versions.put(schema.version(), schema.schema()));
    return versions;
  }

  private static String how(String subject) {
    return """
      The records in weir.avdl and the newest committed version of subject %s differ.
      Committed versions never change, since data on disk was written with them. Add a new version:
        mvn -pl schemas test -Dtest=SchemaHistoryTest -Dweir.schemas=add
      Only before the first release of the newest version, overwrite it instead:
        mvn -pl schemas test -Dtest=SchemaHistoryTest -Dweir.schemas=rewrite
      """
        .formatted(subject);
  }
}
