package io.weir.dispatcher;

import io.weir.dispatcher.answer.AnswerLimits;
import io.weir.dispatcher.answer.AnswerPublisher;
import io.weir.dispatcher.answer.ContinuedEvents;
import io.weir.dispatcher.answer.ForegroundBody;
import io.weir.dispatcher.answer.GeneratedText;
import io.weir.dispatcher.answer.ResponseFields;
import io.weir.dispatcher.answer.StreamRelay;
import io.weir.dispatcher.answer.StreamRelay.Progress;
import io.weir.dispatcher.answer.WholeRelay;
import io.weir.dispatcher.http.BadAnswerException;
import io.weir.schemas.InferenceRequest;
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

  /** What an answer that is not a stream goes into. */
  default WholeRelay whole(AnswerPublisher publisher, AnswerLimits limits, ResponseHead head) {
    return WholeRelay.json(publisher, limits, head);
  }

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

  /**
   * A request for a response of OpenAI's Responses API.
   *
   * @param fields what the response is to say in place of what the engine says
   */
  record Response(
      ByteBuffer body, AnswerPublisher publisher, AnswerLimits limits, ResponseFields fields)
      implements Ask {
    private static final String PATH = "/v1/responses";

    static boolean isFor(InferenceRequest request) {
      return request.getPath().equals(PATH);
    }

    /** What a request asks for; who does not wait for a response has it made in the background. */
    static Response of(InferenceRequest request, AnswerPublisher publisher, AnswerLimits limits) {
      String id = "resp_" + request.getId();
      if (request.getWatched()) {
        return new Response(request.getBody(), publisher, limits, ResponseFields.attended(id));
      }
      return new Response(
          ForegroundBody.of(request.getBody()),
          publisher,
          limits,
          request.getBatch().isPresent()
              ? ResponseFields.attended(id)
              : ResponseFields.background(id));
    }

    @Override
    public boolean mayHedge() {
      return true;
    }

    @Override
    public StreamRelay relay(ResponseHead head) {
      return StreamRelay.ofResponse(publisher, limits, head, fields);
    }

    @Override
    public WholeRelay whole(AnswerPublisher to, AnswerLimits how, ResponseHead head) {
      return WholeRelay.response(to, how, head, fields);
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
