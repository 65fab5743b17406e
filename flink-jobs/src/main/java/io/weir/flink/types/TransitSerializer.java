package io.weir.flink.types;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Serializes what is on its way between two operators of one running job. */
final class TransitSerializer<T> extends ImmutableSerializer<T> {
  private static final long serialVersionUID = 1L;

  private final Codec<T> codec;

  TransitSerializer(Codec<T> codec) {
    this.codec = codec;
  }

  @Override
  public TypeSerializer<T> duplicate() {
    return new TransitSerializer<>(codec.duplicate());
  }

  @Override
  public void serialize(T value, DataOutputView target) throws IOException {
    codec.write(value, target);
  }

  @Override
  public T deserialize(DataInputView source) throws IOException {
    return codec.read(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    codec.write(codec.read(source), target);
  }

  @Override
  public TypeSerializerSnapshot<T> snapshotConfiguration() {
    throw new UnsupportedOperationException(
        "Values in transit are not state: keep a RecordType or one of Flink's own types.");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TransitSerializer<?> that && codec.getClass() == that.codec.getClass();
  }

  @Override
  public int hashCode() {
    return codec.getClass().hashCode();
  }
}
