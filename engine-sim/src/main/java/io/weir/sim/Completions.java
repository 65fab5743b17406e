package io.weir.sim;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.ServerConnectionException;
import io.weir.routing.engine.PromptDigest;
import io.weir.routing.engine.Work;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Answers chats, completions and responses. */
final class Completions {
  private static final String EVENT_STREAM = "text/event-stream; charset=utf-8";

  /** Longer streams are written in parts, so that a slow client does not hold all of it. */
  private static final int EVENTS_AT_ONCE = 2048;

  private final Optional<EngineLoop> engine;
  private final EngineMetrics metrics;
  private final int defaultTokens;
  private final int maxModelLen;
  private final AtomicLong serials = new AtomicLong(System.nanoTime());

  /**
   * Answers from an engine.
   *
   * @param engine what gives the answers their time; without it they come at once
   * @param defaultTokens length of answers without a limit
   * @param maxModelLen most tokens of prompt and answer
   */
  Completions(
      Optional<EngineLoop> engine, EngineMetrics metrics, int defaultTokens, int maxModelLen) {
    this.engine = engine;
    this.metrics = metrics;
    this.defaultTokens = defaultTokens;
    this.maxModelLen = maxModelLen;
  }

  void serve(Exchange exchange) {
    Ask ask = exchange.ask();
    int tokens = tokens(exchange);
    String reason = ask.maxTokens().isPresent() ? "length" : "stop";
    String serial = Long.toHexString(serials.incrementAndGet());
    long created = System.currentTimeMillis() / 1000;
    Answer answer =
        exchange.endpoint() == Endpoint.RESPONSES
            ? new ResponseAnswer(ask, serial, created)
            : new ChoiceAnswer(exchange.endpoint(), ask, serial, created, reason);
    try {
      if (engine.isPresent() && tokens > 0) {
        generate(exchange, answer, tokens, engine.get());
      } else {
        metrics.instant(ask.promptTokens(), tokens);
        instant(exchange, answer, tokens);
      }
      metrics.finished(reason);
    } catch (IOException | UncheckedIOException | ServerConnectionException e) {
      throw Exchange.broken("the client does not take the answer: " + e.getMessage());
    }
  }

  private int tokens(Exchange exchange) {
    int read = exchange.ask().promptTokens();
    int room = maxModelLen - read;
    int left = defaultTokens - exchange.ask().continued();
    // An answer that was whole before has nothing to go on with.
    int least = exchange.ask().continued() > 0 ? 0 : 1;
    int tokens = exchange.ask().maxTokens().orElse(Math.max(least, Math.min(left, room)));
    if (tokens > room) {
      throw ApiException.badRequest(
          exchange.endpoint().input(),
          "context_length_exceeded",
          "This model's maximum context length is "
              + maxModelLen
              + " tokens. However, you requested "
              + ((long) read + tokens)
              + " tokens ("
              + read
              + " in the "
              + exchange.endpoint().input()
              + ", "
              + tokens
              + " in the completion). Please reduce the length of the "
              + exchange.endpoint().input()
              + " or completion.");
    }
    return tokens;
  }

  private static void instant(Exchange exchange, Answer answer, int tokens) throws IOException {
    if (exchange.dieAfter().isPresent()) {
      if (exchange.ask().stream()) {
        int sent = Math.min(tokens, exchange.dieAfter().getAsInt());
        JsonBuffer out = answer.opening(new JsonBuffer(1024));
        flush(open(exchange), sent == 0 ? out : answer.delta(out, 0, sent));
      }
      throw Exchange.broken("fault: die");
    }
    if (!exchange.ask().stream()) {
      exchange.send(Reply.json(answer.whole(tokens)));
      return;
    }
    Distance.travel(exchange.oneWayNanos());
    if (tokens <= EVENTS_AT_ONCE) {
      exchange.response().header(HeaderNames.CONTENT_TYPE, EVENT_STREAM);
      exchange.response().send(answer.closing(answer.events(0, tokens), tokens).toBytes());
      return;
    }
    try (OutputStream out = open(exchange)) {
      for (int from = 0; from < tokens; from += EVENTS_AT_ONCE) {
        answer.events(from, Math.min(tokens, from + EVENTS_AT_ONCE)).writeTo(out);
      }
      answer.closing(new JsonBuffer(1024), tokens).writeTo(out);
    }
  }

  private static void generate(Exchange exchange, Answer answer, int tokens, EngineLoop engine)
      throws IOException {
    PromptDigest prompt = exchange.ask().prompt();
    Generation generation =
        new Generation(
            new Work(exchange.ask().promptTokens(), tokens, prompt.blockHashes()),
            exchange.ask().stream() || exchange.dieAfter().isPresent(),
            exchange.oneWayNanos(),
            System.nanoTime());
    engine.submit(generation);
    exchange.client().watch(generation::abort);
    try {
      if (exchange.ask().stream()) {
        stream(exchange, answer, generation);
      } else {
        whole(exchange, answer, generation);
      }
    } finally {
      exchange.client().unwatch();
      engine.cancel(generation);
    }
  }

  private static void whole(Exchange exchange, Answer answer, Generation generation) {
    int tokens = generation.work.outputTokens();
    int wanted = Math.min(tokens, exchange.dieAfter().orElse(tokens));
    if (generation.await(wanted - 1) == Generation.ABORTED || exchange.dieAfter().isPresent()) {
      throw Exchange.broken("aborted");
    }
    Reply.json(answer.whole(tokens)).send(exchange.response());
  }

  private static void stream(Exchange exchange, Answer answer, Generation generation)
      throws IOException {
    int tokens = generation.work.outputTokens();
    int last = Math.min(tokens, exchange.dieAfter().orElse(tokens));
    int sent = 0;
    Optional<OutputStream> out = Optional.empty();
    while (sent < tokens) {
      int made = generation.await(sent);
      if (made == Generation.ABORTED) {
        throw Exchange.broken("aborted");
      }
      JsonBuffer events = new JsonBuffer(1024);
      if (out.isEmpty()) {
        answer.opening(events);
        out = Optional.of(open(exchange));
      }
      int upTo = Math.min(made, last);
      if (upTo > sent) {
        answer.delta(events, sent, upTo);
      }
      boolean dies = exchange.dieAfter().isPresent() && made >= last;
      if (made == tokens && !dies) {
        answer.closing(events, tokens);
      }
      flush(out.get(), events);
      if (dies) {
        throw Exchange.broken("fault: die");
      }
      sent = made;
    }
    out.orElseThrow().close();
  }

  private static OutputStream open(Exchange exchange) {
    exchange
        .response()
        .header(HeaderNames.CONTENT_TYPE, EVENT_STREAM)
        .header(HeaderNames.CACHE_CONTROL, "no-cache");
    return exchange.response().outputStream();
  }

  private static void flush(OutputStream out, JsonBuffer events) throws IOException {
    events.writeTo(out);
    out.flush();
  }
}
