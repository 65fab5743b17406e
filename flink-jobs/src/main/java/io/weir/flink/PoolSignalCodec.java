package io.weir.flink;

import io.weir.flink.types.Codec;
import io.weir.flink.types.RecordType;
import io.weir.routing.plan.DemandRate;
import io.weir.schemas.KnownEngine;
import io.weir.schemas.RequestClass;
import java.io.IOException;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes a signal as a byte for its kind and its parts. */
final class PoolSignalCodec implements Codec<PoolSignal> {
  private static final long serialVersionUID = 1L;

  private static final int DEMAND = 0;
  private static final int ENGINE = 1;
  private static final int ENGINE_GONE = 2;

  private final TypeSerializer<KnownEngine> engines =
      RecordType.forClass(KnownEngine.class).createSerializer(new SerializerConfigImpl());

  @Override
  public void write(PoolSignal signal, DataOutputView target) throws IOException {
    switch (signal) {
      case PoolSignal.Demand demand -> {
        target.writeByte(DEMAND);
        write(demand.rate(), target);
      }
      case PoolSignal.Engine engine -> {
        target.writeByte(ENGINE);
        engines.serialize(engine.engine(), target);
      }
      case PoolSignal.EngineGone gone -> {
        target.writeByte(ENGINE_GONE);
        target.writeUTF(gone.pool());
        target.writeUTF(gone.engine());
      }
    }
  }

  @Override
  public PoolSignal read(DataInputView source) throws IOException {
    int kind = source.readByte();
    return switch (kind) {
      case DEMAND -> new PoolSignal.Demand(rate(source));
      case ENGINE -> new PoolSignal.Engine(engines.deserialize(source));
      case ENGINE_GONE -> new PoolSignal.EngineGone(source.readUTF(), source.readUTF());
      default -> throw new IOException("There is no signal to a pool of kind " + kind + ".");
    };
  }

  private static void write(DemandRate rate, DataOutputView target) throws IOException {
    target.writeUTF(rate.source());
    target.writeUTF(rate.pool());
    target.writeUTF(rate.requestClass().name());
    target.writeDouble(rate.perSecond());
    target.writeDouble(rate.sigma());
    target.writeDouble(rate.promptTokens());
    target.writeDouble(rate.outputTokens());
    target.writeDouble(rate.cachedFraction());
    target.writeLong(rate.atMillis());
  }

  private static DemandRate rate(DataInputView source) throws IOException {
    return new DemandRate(
        source.readUTF(),
        source.readUTF(),
        RequestClass.valueOf(source.readUTF()),
        source.readDouble(),
        source.readDouble(),
        source.readDouble(),
        source.readDouble(),
        source.readDouble(),
        source.readLong());
  }

  @Override
  public Codec<PoolSignal> duplicate() {
    return new PoolSignalCodec();
  }
}
