package io.weir.flink;

import io.weir.flink.types.Codec;
import io.weir.flink.types.RecordType;
import io.weir.flink.types.TopicEntry;
import io.weir.schemas.EngineSample;
import io.weir.schemas.EngineSpec;
import java.io.IOException;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes a signal as a byte for its kind and its parts. */
final class EngineSignalCodec implements Codec<EngineSignal> {
  private static final long serialVersionUID = 1L;

  private static final int SPECIFIED = 0;
  private static final int SAMPLED = 1;
  private static final int UNREACHABLE = 2;
  private static final int ANSWERED = 3;

  private final TypeSerializer<TopicEntry<EngineSpec>> entries =
      TopicEntry.type(EngineSpec.class).createSerializer(new SerializerConfigImpl());
  private final TypeSerializer<EngineSample> samples =
      RecordType.forClass(EngineSample.class).createSerializer(new SerializerConfigImpl());

  @Override
  public void write(EngineSignal signal, DataOutputView target) throws IOException {
    switch (signal) {
      case EngineSignal.Specified specified -> {
        target.writeByte(SPECIFIED);
        entries.serialize(specified.entry(), target);
      }
      case EngineSignal.Sampled sampled -> {
        target.writeByte(SAMPLED);
        samples.serialize(sampled.sample(), target);
      }
      case EngineSignal.Unreachable unreachable -> {
        target.writeByte(UNREACHABLE);
        target.writeUTF(unreachable.engine());
      }
      case EngineSignal.Answered answered -> {
        target.writeByte(ANSWERED);
        target.writeUTF(answered.engine());
      }
    }
  }

  @Override
  public EngineSignal read(DataInputView source) throws IOException {
    int kind = source.readByte();
    return switch (kind) {
      case SPECIFIED -> new EngineSignal.Specified(entries.deserialize(source));
      case SAMPLED -> new EngineSignal.Sampled(samples.deserialize(source));
      case UNREACHABLE -> new EngineSignal.Unreachable(source.readUTF());
      case ANSWERED -> new EngineSignal.Answered(source.readUTF());
      default -> throw new IOException("There is no signal about an engine of kind " + kind + ".");
    };
  }

  @Override
  public Codec<EngineSignal> duplicate() {
    return new EngineSignalCodec();
  }
}
