package io.weir.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The committed history of every subject: {@code schemas/<subject>/<version>.avsc} and an index.
 */
public final class BundledSchemas {
  private static final String INDEX = "index.json";

  private BundledSchemas() {}

  /**
   * All versions of all subjects, by id.
   *
   * @throws UncheckedIOException if the index names a file that is not there
   */
  public static List<BundledSchema> all() {
    try {
      List<BundledSchema> schemas = new ArrayList<>();
      for (JsonNode entry : new ObjectMapper().readTree(read(INDEX))) {
        String subject = entry.required("subject").asText();
        int version = entry.required("version").asInt();
        String text = read(subject + "/" + version + ".avsc");
        schemas.add(new BundledSchema(subject, version, entry.required("id").asInt(), text));
      }
      return List.copyOf(schemas);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static String read(String name) throws IOException {
    try (InputStream in = BundledSchemas.class.getResourceAsStream("/schemas/" + name)) {
      if (in == null) {
        throw new FileNotFoundException("schemas/" + name + " is missing from the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
