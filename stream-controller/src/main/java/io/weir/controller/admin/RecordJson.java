package io.weir.controller.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/**
 * Avro records as plain JSON: fields by their names in the schema, enumerations in lower case,
 * times in ISO 8601, and null where there is nothing or nothing finite.
 */
final class RecordJson {
  private RecordJson() {}

  /** Writes a record's fields into the object that was begun. */
  static void fields(JsonGenerator json, IndexedRecord record) throws IOException {
    for (Schema.Field field : record.getSchema().getFields()) {
      json.writeFieldName(field.name());
      value(json, record.get(field.pos()));
    }
  }

  static void value(JsonGenerator json, Object value) throws IOException {
    switch (value) {
      case null -> json.writeNull();
      case IndexedRecord record -> {
        json.writeStartObject();
        fields(json, record);
        json.writeEndObject();
      }
      case Collection<?> items -> {
        json.writeStartArray();
        for (Object item : items) {
          value(json, item);
        }
        json.writeEndArray();
      }
      case Map<?, ?> entries -> {
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : entries.entrySet()) {
          json.writeFieldName(entry.getKey().toString());
          value(json, entry.getValue());
        }
        json.writeEndObject();
      }
      case Boolean flag -> json.writeBoolean(flag);
      case Integer number -> json.writeNumber(number);
      case Long number -> json.writeNumber(number);
      case Double number when Double.isFinite(number) -> json.writeNumber(number);
      case Double beyond -> json.writeNull();
      case Enum<?> word -> json.writeString(word.name().toLowerCase(Locale.ROOT));
      default -> json.writeString(value.toString());
    }
  }
}
