package io.weir.routing.protocol;

import io.weir.schemas.Continues;
import java.util.Optional;

/** What a dispatcher holds of one request. */
final class Held {
  /** How far it is. */
  enum Phase {
    CLAIMING,
    READY,
    RUNNING,
    CONCLUDING,
    LETTING_GO
  }

  final int request;
  final Optional<Continues> continues;
  final boolean requeued;
  final int offset;
  Phase phase = Phase.CLAIMING;
  boolean claimed;

  /** Index of the next event. */
  long next;

  boolean ended;

  Held(int request, Optional<Continues> continues, boolean requeued, int offset) {
    this.request = request;
    this.continues = continues;
    this.requeued = requeued;
    this.offset = offset;
    this.next = first();
  }

  Held copy() {
    Held copy = new Held(request, continues, requeued, offset);
    copy.phase = phase;
    copy.claimed = claimed;
    copy.next = next;
    copy.ended = ended;
    return copy;
  }

  /** Index of its own first event. */
  long first() {
    return continues.map(Continues::getEvents).orElse(0L);
  }

  boolean hasPublished() {
    return ended || next > first();
  }

  Lane lane(World world) {
    return requeued ? world.requeues : world.lane;
  }

  @Override
  public String toString() {
    return request
        + ""
        + phase
        + claimed
        + next
        + ended
        + requeued
        + offset
        + Records.brief(continues);
  }
}
