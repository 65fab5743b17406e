package io.weir.flink;

import io.weir.flink.types.TopicEntry;
import io.weir.flink.types.TransitType;
import io.weir.schemas.EngineSample;
import io.weir.schemas.EngineSpec;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** What is learnt about one engine. */
sealed interface EngineSignal {
  /** The engine it is about. */
  String engine();

  /** What its owner wants of it, or that it was removed. */
  record Specified(TopicEntry<EngineSpec> entry) implements EngineSignal {
    @Override
    public String engine() {
      return entry.key();
    }
  }

  /** What it said of itself. */
  record Sampled(EngineSample sample) implements EngineSignal {
    @Override
    public String engine() {
      return sample.getEngine();
    }
  }

  /** A dispatcher could not connect to it. */
  record Unreachable(String engine) implements EngineSignal {}

  /** It answered a dispatcher. */
  record Answered(String engine) implements EngineSignal {}

  /** How signals travel. */
  static TypeInformation<EngineSignal> type() {
    return new TransitType<>(EngineSignal.class, new EngineSignalCodec());
  }
}
