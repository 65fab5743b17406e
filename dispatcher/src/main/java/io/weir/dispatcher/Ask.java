package io.weir.dispatcher;

import io.weir.dispatcher.answer.AnswerLimits;
import io.weir.dispatcher.answer.AnswerPublisher;
import io.weir.dispatcher.answer.StreamRelay;
import io.weir.dispatcher.answer.StreamRelay.Progress;
import io.weir.dispatcher.http.BadAnswerException;
import io.weir.schemas.ResponseHead;
import java.nio.ByteBuffer;

/** What an engine is asked, and how the stream it answers with becomes the client's. */
interface Ask {
  /** The request's body. */
  ByteBuffer body();

  /** True if another engine may be asked the same at the same time. */
  boolean mayHedge();

  /** What the stream goes into. */
  StreamRelay relay(ResponseHead head);

  /**
   * Takes a piece of the stream.
   *
   * @throws BadAnswerException if it cannot be part of one
   */
  Progress accept(StreamRelay relay, byte[] bytes, int offset, int count) throws BadAnswerException;

  /** The client's own request, whose answer is passed on as it comes. */
  record Original(ByteBuffer body, AnswerPublisher publisher, AnswerLimits limits) implements Ask {
    @Override
    public boolean mayHedge() {
      return true;
    }

    @Override
    public StreamRelay relay(ResponseHead head) {
      return new StreamRelay(publisher, limits, head);
    }

    @Override
    public Progress accept(StreamRelay relay, byte[] bytes, int offset, int count)
        throws BadAnswerException {
      return relay.accept(bytes, offset, count);
    }
  }
}
