package io.weir.schemas;

import org.apache.avro.Schema;

/**
 * One committed version of one subject's schema.
 *
 * @param subject where it stands in a registry
 * @param version counts from 1 within the subject
 * @param id unique over all subjects and fixed for ever: data on disk refers to it
 * @param text the schema as JSON
 */
public record BundledSchema(String subject, int version, int id, String text) {
  /** The parsed schema. */
  public Schema schema() {
    return new Schema.Parser().parse(text);
  }
}
