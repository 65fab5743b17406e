package io.weir.routing.protocol;

import io.weir.schemas.Continues;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.ResponseChunk;
import java.util.Optional;

/**
 * A record that is under way: it lands at any later time, or is lost if its sender has died.
 *
 * @param sender process and incarnation; only that one hears of the ack
 * @param stream of one sender, within which the order is kept
 * @param request the request it is about
 * @param attempt the attempt, or the controller's task, that waits for its ack
 * @param label what it is, for equality and for traces
 */
record Sending(
    String sender, String stream, int request, String attempt, String label, Payload payload) {

  /** Where it goes. */
  sealed interface Payload {
    record Event(LifecycleEvent event) implements Payload {}

    record Chunk(ResponseChunk chunk) implements Payload {}

    record Requeue(Optional<Continues> continues) implements Payload {}
  }

  @Override
  public String toString() {
    return sender + ":" + stream + ":" + request + ":" + label;
  }
}
