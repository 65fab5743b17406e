package io.weir.schemas;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/** Writes the generated schemas into the committed history. */
final class SchemaHistoryWriter {
  private final Path directory;

  SchemaHistoryWriter(Path directory) {
    this.directory = directory;
  }

  /** The history with every changed subject added to it, or its newest version overwritten. */
  List<BundledSchema> write(List<BundledSchema> history, String mode) throws IOException {
    if (!List.of("add", "rewrite").contains(mode)) {
      throw new IllegalArgumentException("weir.schemas is 'add' or 'rewrite', not '" + mode + "'");
    }
    List<BundledSchema> result = new ArrayList<>(history);
    for (Map.Entry<String, Schema> current : Subjects.current().entrySet()) {
      update(result, current.getKey(), current.getValue(), mode);
    }
    result.sort(Comparator.comparingInt(BundledSchema::id));
    writeIndex(result);
    return result;
  }

  private void update(List<BundledSchema> all, String subject, Schema generated, String mode)
      throws IOException {
    String text = PortableSchema.pretty(generated);
    Optional<BundledSchema> newest =
        all.stream()
            .filter(schema -> schema.subject().equals(subject))
            .max(Comparator.comparingInt(BundledSchema::version));
    boolean unchanged =
        newest.isPresent() && newest.get().schema().equals(PortableSchema.of(generated));
    if (unchanged && mode.equals("add")) {
      return;
    }
    BundledSchema next;
    if (newest.isPresent() && mode.equals("rewrite")) {
      all.remove(newest.get());
      next = new BundledSchema(subject, newest.get().version(), newest.get().id(), text);
    } else {
      int version = newest.map(BundledSchema::version).orElse(0) + 1;
      int id = all.stream().mapToInt(BundledSchema::id).max().orElse(0) + 1;
      next = new BundledSchema(subject, version, id, text);
    }
    all.add(next);
    Path file = directory.resolve(subject).resolve(next.version() + ".avsc");
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void writeIndex(List<BundledSchema> schemas) throws IOException {
    ObjectMapper json = new ObjectMapper();
    ArrayNode index = json.createArrayNode();
    for (BundledSchema schema : schemas) {
      index
          .addObject()
          .put("id", schema.id())
          .put("subject", schema.subject())
          .put("version", schema.version());
    }
    Files.writeString(directory.resolve("index.json"), index.toPrettyString() + "\n");
  }
}
