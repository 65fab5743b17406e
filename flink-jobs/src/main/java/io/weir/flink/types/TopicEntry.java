package io.weir.flink.types;

import java.io.IOException;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * One record of a compacted topic.
 *
 * @param key its key
 * @param value what the key now stands for; empty if it was removed
 * @param <T> the generated class of the values
 */
public record TopicEntry<T extends SpecificRecord>(String key, Optional<T> value) {
  /** A key and its value. */
  public static <T extends SpecificRecord> TopicEntry<T> of(String key, T value) {
    return new TopicEntry<>(key, Optional.of(value));
  }

  /** A key that was removed. */
  public static <T extends SpecificRecord> TopicEntry<T> removed(String key) {
    return new TopicEntry<>(key, Optional.empty());
  }

  /** Type information of the entries of one topic. */
  public static <T extends SpecificRecord> TypeInformation<TopicEntry<T>> type(Class<T> value) {
    @SuppressWarnings("unchecked") // a class literal of a generic class has no parameters
    Class<TopicEntry<T>> entry = (Class<TopicEntry<T>>) (Class<?>) TopicEntry.class;
    return new TransitType<>(entry, new EntryCodec<>(RecordType.forClass(value)));
  }

  private static final class EntryCodec<T extends SpecificRecord> implements Codec<TopicEntry<T>> {
    private static final long serialVersionUID = 1L;

    private final RecordType<T> type;
    private final TypeSerializer<T> values;

    EntryCodec(RecordType<T> type) {
      this.type = type;
      this.values = type.createSerializer(new SerializerConfigImpl());
    }

    @Override
    public void write(TopicEntry<T> entry, DataOutputView target) throws IOException {
      target.writeUTF(entry.key());
      target.writeBoolean(entry.value().isPresent());
      if (entry.value().isPresent()) {
        values.serialize(entry.value().get(), target);
      }
    }

    @Override
    public TopicEntry<T> read(DataInputView source) throws IOException {
      String key = source.readUTF();
      return new TopicEntry<>(
          key, source.readBoolean() ? Optional.of(values.deserialize(source)) : Optional.empty());
    }

    @Override
    public Codec<TopicEntry<T>> duplicate() {
      return new EntryCodec<>(type);
    }
  }
}
