package io.weir.controller.requests;

import io.weir.routing.request.ReplyReading;
import io.weir.routing.request.RequestFold;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.RequestState;
import io.weir.schemas.ResponseChunk;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** One request that is being recovered: what is known of it so far. Belongs to one thread. */
final class Case {
  private RequestState state;
  private ReplyReading reading = ReplyReading.NONE;

  /**
   * @param state whose request is known
   */
  Case(RequestState state) {
    this.state = state;
  }

  RequestState state() {
    return state;
  }

  ReplyReading reading() {
    return reading;
  }

  String id() {
    return state.getRequestId();
  }

  private ReplyAddress reply() {
    return state.getRequest().orElseThrow().getReply();
  }

  TopicPartition replies() {
    return new TopicPartition(reply().getTopic(), reply().getPartition());
  }

  long repliesFrom() {
    return reply().getEndOffset();
  }

  /** A chunk of this request was read. */
  void read(long offset, ResponseChunk chunk) {
    reading = reading.then(offset, chunk);
  }

  /** An event of this request was written. */
  void wrote(LifecycleEvent event, long offset) {
    state = RequestFold.apply(Optional.of(state), event, state.getPartition(), offset);
  }
}
