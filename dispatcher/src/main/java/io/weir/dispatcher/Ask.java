package io.weir.dispatcher;

import io.weir.dispatcher.answer.AnswerLimits;
import io.weir.dispatcher.answer.AnswerPublisher;
import io.weir.dispatcher.answer.ContinuedEvents;
import io.weir.dispatcher.answer.GeneratedText;
import io.weir.dispatcher.answer.StreamRelay;
import io.weir.dispatcher.answer.StreamRelay.Progress;
import io.weir.dispatcher.http.BadAnswerException;
import io.weir.schemas.ResponseHead;
import java.nio.ByteBuffer;
import java.util.Optional;

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

  /** The stream that the answer goes on from; empty for a new one. */
  Optional<StreamRelay> begun();

  /** What becomes of a stream's text once it is passed on. */
  enum Text {
    KEPT,
    FORGOTTEN
  }

  /**
   * The client's own request, whose answer is passed on as it comes.
   *
   * @param text whether another engine may have to go on with a stream's text
   */
  record Original(ByteBuffer body, AnswerPublisher publisher, AnswerLimits limits, Text text)
      implements Ask {
    @Override
    public boolean mayHedge() {
      return true;
    }

    @Override
    public StreamRelay relay(ResponseHead head) {
      return new StreamRelay(
          publisher,
          limits,
          head,
          text == Text.KEPT ? Optional.of(new GeneratedText()) : Optional.empty());
    }

    @Override
    public Progress accept(StreamRelay relay, byte[] bytes, int offset, int count)
        throws BadAnswerException {
      return relay.accept(bytes, offset, count);
    }

    @Override
    public Optional<StreamRelay> begun() {
      return Optional.empty();
    }
  }

  /** A request to go on with a text; the answer goes on with the stream that the text came in. */
  record Continued(ByteBuffer body, StreamRelay stream, ContinuedEvents events) implements Ask {
    @Override
    public boolean mayHedge() {
      return false;
    }

    @Override
    public StreamRelay relay(ResponseHead head) {
      return stream;
    }

    @Override
    public Progress accept(StreamRelay relay, byte[] bytes, int offset, int count)
        throws BadAnswerException {
      return events.accept(relay, bytes, offset, count);
    }

    @Override
    public Optional<StreamRelay> begun() {
      return Optional.of(stream);
    }
  }

  /**
   * A request to go on with a text that another attempt has published.
   *
   * @param text what has been published
   */
  record TakenOver(
      ByteBuffer body,
      AnswerPublisher publisher,
      AnswerLimits limits,
      GeneratedText text,
      ContinuedEvents events)
      implements Ask {
    @Override
    public boolean mayHedge() {
      return false;
    }

    @Override
    public StreamRelay relay(ResponseHead head) {
      return new StreamRelay(publisher, limits, head, Optional.of(text));
    }

    @Override
    public Progress accept(StreamRelay relay, byte[] bytes, int offset, int count)
        throws BadAnswerException {
      return events.accept(relay, bytes, offset, count);
    }

    @Override
    public Optional<StreamRelay> begun() {
      return Optional.empty();
    }
  }
}
