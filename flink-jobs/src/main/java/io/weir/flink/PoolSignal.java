package io.weir.flink;

import io.weir.flink.types.TransitType;
import io.weir.routing.plan.DemandRate;
import io.weir.schemas.KnownEngine;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** What the planning of one pool is told. */
sealed interface PoolSignal {
  /** The pool it is about. */
  String pool();

  /** A new estimate of one source's and class's demand. */
  record Demand(DemandRate rate) implements PoolSignal {
    @Override
    public String pool() {
      return rate.pool();
    }
  }

  /** The newest of one engine. */
  record Engine(KnownEngine engine) implements PoolSignal {
    @Override
    public String pool() {
      return engine.getSpec().getPool();
    }
  }

  /** An engine that has left the pool. */
  record EngineGone(String pool, String engine) implements PoolSignal {}

  /** How signals travel. */
  static TypeInformation<PoolSignal> type() {
    return new TransitType<>(PoolSignal.class, new PoolSignalCodec());
  }
}
