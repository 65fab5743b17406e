package io.weir.ingress.admission;

import io.weir.ingress.reply.RequestWatch;
import io.weir.routing.admission.QueuePlace;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.ResponseEnd;
import java.util.Optional;

/** A request that nobody has to wait for: its record counts in its lane, and its answer teaches. */
record DetachedWatch(PoolGate gate, Arrival arrival, TokenEstimates.Estimate estimate)
    implements RequestWatch {
  @Override
  public void acked(int partition, long offset) {
    gate.acked(arrival.requestClass(), partition, offset);
  }

  @Override
  public void chunk(ResponseChunk chunk) {
    Optional<ResponseEnd> end = chunk.getEnd();
    if (end.isPresent()) {
      gate.learn(arrival, estimate, end.get());
    }
  }

  @Override
  public void left() {}

  @Override
  public Optional<QueuePlace> place() {
    return Optional.empty();
  }
}
