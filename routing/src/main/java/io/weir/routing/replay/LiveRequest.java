package io.weir.routing.replay;

import io.weir.routing.engine.Ticket;
import io.weir.routing.prefix.PromptBlocks;
import java.util.Optional;

/** A request on its way. Times are nanoseconds from the start, as the client sees them. */
final class LiveRequest {
  static final long NOT_YET = -1;

  final int index;
  final TraceRequest trace;
  final int source;
  final int dispatcher;

  /** Its prefixes as a dispatcher hashes them. */
  final PromptBlocks prompt;

  int engine = -1;
  long dispatched = NOT_YET;
  long firstToken = NOT_YET;
  long finished = NOT_YET;

  /** Its place in its engine. */
  Optional<Ticket<LiveRequest>> ticket = Optional.empty();

  /** When its engine got it. */
  long submitted;

  /** Prompt tokens without a first token at its engine when it came, its own included. */
  long backlogMet;

  /** When its engine made its newest token. */
  long newestToken;

  /** Prompt tokens that its dispatcher expected its engine to compute. */
  int uncachedTokens;

  LiveRequest(int index, TraceRequest trace, int source, int dispatcher, PromptBlocks prompt) {
    this.index = index;
    this.trace = trace;
    this.source = source;
    this.dispatcher = dispatcher;
    this.prompt = prompt;
  }
}
