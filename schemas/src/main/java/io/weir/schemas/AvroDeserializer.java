package io.weir.schemas;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.io.DatumReader;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Reads the Confluent wire format into generated Avro records: the writer's schema is fetched by
 * its id and resolved to the generated class of the same name, so that older and newer writers are
 * understood. Large byte fields are slices of the record's own bytes. Safe for any number of
 * threads.
 *
 * @param <T> the records, each of a generated class
 */
public final class AvroDeserializer<T extends SpecificRecord> implements Deserializer<T> {
  /** Far above the number of schemas ever committed; reached only by corrupt records. */
  private static final int MAX_READERS = 1_000;

  private final Map<Integer, DatumReader<T>> readers = new ConcurrentHashMap<>();
  private SchemaRegistryClient registry;

  /**
   * Takes {@code schema.registry.url} and what goes with it; see {@link SchemaRegistryClient#of}.
   *
   * @throws ConfigException if the URL is missing, or this is to deserialize keys
   */
  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    if (isKey) {
      throw new ConfigException(
          "AvroDeserializer reads values; keys are strings: use StringDeserializer as key.deserializer.");
    }
    TrustedRecords.install();
    registry = SchemaRegistryClient.of(configs);
  }

  @Override
  public T deserialize(String topic, byte[] data) {
    return data == null ? null : read(topic, data, 0, data.length);
  }

  @Override
  public T deserialize(String topic, Headers headers, ByteBuffer data) {
    if (data == null) {
      return null;
    }
    if (data.hasArray()) {
      return read(topic, data.array(), data.arrayOffset() + data.position(), data.remaining());
    }
    byte[] copy = new byte[data.remaining()];
    data.get(data.position(), copy);
    return read(topic, copy, 0, copy.length);
  }

  private T read(String topic, byte[] array, int offset, int length) {
    if (length < WireFormat.HEADER_BYTES || array[offset] != WireFormat.MAGIC) {
      throw new SerializationException(
          "A record of topic %s is not in the Confluent wire format: it has %d bytes and begins with %s."
              .formatted(topic, length, length == 0 ? "nothing" : "byte " + array[offset]));
    }
    int id = WireFormat.id(array, offset);
    DatumReader<T> reader = reader(topic, id);
    RecordDecoder decoder =
        new RecordDecoder(
            array, offset + WireFormat.HEADER_BYTES, length - WireFormat.HEADER_BYTES);
    try {
      T record = reader.read(null, decoder);
      if (decoder.remaining() > 0) {
        throw new IOException(decoder.remaining() + " bytes are left after the last field");
      }
      return record;
    } catch (IOException | RuntimeException bad) {
      throw new SerializationException(
          "A record of topic %s, %d bytes long, does not follow its schema, id %d from %s: %s"
              .formatted(topic, length, id, registry.urls(), bad.getMessage()),
          bad);
    }
  }

  private DatumReader<T> reader(String topic, int id) {
    DatumReader<T> known = readers.get(id);
    if (known != null) {
      return known;
    }
    try {
      DatumReader<T> reader = resolve(registry.schema(id));
      if (readers.size() < MAX_READERS) {
        readers.put(id, reader);
      }
      return reader;
    } catch (SchemaRegistryException | AvroRuntimeException | ClassNotFoundException failure) {
      throw new SerializationException(
          "Cannot read topic %s: schema id %d from %s: %s"
              .formatted(topic, id, registry.urls(), failure.getMessage()),
          failure);
    }
  }

  private static <T> DatumReader<T> resolve(Schema writer) throws ClassNotFoundException {
    String name = writer.getFullName();
    if (writer.getType() != Schema.Type.RECORD
        || !AvroDeserializer.class.getPackageName().equals(writer.getNamespace())) {
      throw new ClassNotFoundException(name + " is not one of Weir's records");
    }
    Class<?> type = Class.forName(name);
    return new SpecificDatumReader<>(
        writer, SpecificData.get().getSchema(type), SpecificData.getForClass(type));
  }

  @Override
  public void close() {
    if (registry != null) {
      registry.close();
    }
  }
}
