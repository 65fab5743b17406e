package io.weir.dispatcher;

import io.weir.dispatcher.answer.AnswerPublisher;
import io.weir.dispatcher.answer.ContinuedBody;
import io.weir.dispatcher.answer.ContinuedEvents;
import io.weir.dispatcher.answer.GeneratedText;
import io.weir.dispatcher.answer.StreamRelay;
import io.weir.dispatcher.answer.TokenCount;
import io.weir.dispatcher.http.BadAnswerException;
import io.weir.dispatcher.http.Exchange;
import io.weir.routing.fleet.OnInterruption;
import io.weir.schemas.InferenceRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets an engine go on with a stream that another has begun. */
final class Resumption {
  private static final Logger LOG = LoggerFactory.getLogger(Resumption.class);
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final byte[] END = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

  private final EngineCall.Tools tools;
  private final InferenceRequest request;

  Resumption(EngineCall.Tools tools, InferenceRequest request) {
    this.tools = tools;
    this.request = request;
  }

  /** True if a pool's interrupted streams go on and a request is one of those that can. */
  static boolean isPossible(PoolDesk desk, InferenceRequest request) {
    return desk.onInterruption() == OnInterruption.CONTINUE
        && request.getStream()
        && request.getPath().endsWith("/completions");
  }

  /** Ends a stream whose text is whole; false if that cannot be. */
  static boolean markEnd(StreamRelay stream) {
    try {
      return stream.accept(END, 0, END.length) == StreamRelay.Progress.DONE;
    } catch (BadAnswerException never) {
      LOG.error("a stream's end does not fit into it: {}", never.getMessage());
      return false;
    }
  }

  /** What an engine is to be asked; empty if requests like this cannot be gone on with. */
  Optional<Ask> of(StreamRelay stream, EngineSlots engine) {
    GeneratedText text = stream.text().orElseThrow();
    int tokens = tokens(text, engine);
    return ContinuedBody.of(request.getBody(), text.text(), tokens)
        .map(
            body ->
                new Ask.Continued(
                    body, stream, new ContinuedEvents(text, tokens, tools.answers())));
  }

  /**
   * The same, for a text that another dispatcher has published.
   *
   * @param publisher of the attempt that goes on
   * @param text its events, whole
   */
  Optional<Ask> of(AnswerPublisher publisher, ByteBuffer text, EngineSlots engine) {
    GeneratedText read = GeneratedText.of(text);
    if (!read.isPlain() || read.isFinished()) {
      return Optional.empty();
    }
    int tokens = tokens(read, engine);
    return ContinuedBody.of(request.getBody(), read.text(), tokens)
        .map(
            body ->
                new Ask.TakenOver(
                    body,
                    publisher,
                    tools.answers(),
                    read,
                    new ContinuedEvents(read, tokens, tools.answers())));
  }

  /** As the engine counts them; without its word one for each event. */
  private int tokens(GeneratedText text, EngineSlots engine) {
    if (text.pieces() == 0) {
      return 0;
    }
    try (Exchange exchange = engine.connections().open();
        Watchdog.Watch watch = tools.watchdog().over(exchange)) {
      watch.until(tools.watchdog().after(PATIENCE));
      var head = exchange.head("POST", "/tokenize").header("Content-Type", "application/json");
      engine
          .terms()
          .apiKey()
          .ifPresent(key -> head.header("Authorization", "Bearer " + key.value()));
      exchange.send(head, ByteBuffer.wrap(TokenCount.request(request.getModel(), text.text())));
      TokenCount count = new TokenCount(exchange.readHeader().status());
      for (int size = exchange.next(); size >= 0; size = exchange.next()) {
        count.accept(exchange.array(), exchange.offset(), size);
      }
      OptionalInt said = count.tokens();
      return said.orElse(text.pieces());
    } catch (IOException unable) {
      LOG.debug("engine={} does not count tokens: {}", engine.id(), unable.getMessage());
      return text.pieces();
    }
  }
}
