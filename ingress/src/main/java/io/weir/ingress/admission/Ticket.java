package io.weir.ingress.admission;

import io.weir.ingress.reply.RequestWatch;
import io.weir.routing.admission.QueuePlace;
import io.weir.routing.admission.Waiting;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.ResponseEnd;
import java.util.Optional;

/** The place in a queue of one request that a client waits for. */
final class Ticket implements RequestWatch {
  final Arrival arrival;
  final TokenEstimates.Estimate estimate;
  final double costTokens;
  final Waiting waiting;

  /** When it is taken to be begun if nothing is heard of it, on the gate's clock. */
  final long begunBy;

  /** True once it counts as its tenant's no more; guarded by the gate. */
  boolean released;

  private final PoolGate gate;
  private volatile boolean begun;

  Ticket(
      PoolGate gate,
      Arrival arrival,
      TokenEstimates.Estimate estimate,
      double costTokens,
      Waiting waiting,
      long begunBy) {
    this.gate = gate;
    this.arrival = arrival;
    this.estimate = estimate;
    this.costTokens = costTokens;
    this.waiting = waiting;
    this.begunBy = begunBy;
  }

  @Override
  public void acked(int partition, long offset) {
    gate.acked(this, partition, offset);
  }

  @Override
  public void chunk(ResponseChunk chunk) {
    Optional<ResponseEnd> end = chunk.getEnd();
    if (end.isPresent()) {
      begun = true;
      gate.answered(this, end.get());
    } else if (!begun && (chunk.getHead().isPresent() || chunk.getData().hasRemaining())) {
      begun = true;
      gate.begun(this);
    }
  }

  @Override
  public void left() {
    gate.left(this);
  }

  @Override
  public Optional<QueuePlace> place() {
    return begun ? Optional.empty() : gate.place(this);
  }
}
