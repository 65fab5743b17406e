package io.weir.routing.engine;

/**
 * A request inside an engine, from {@link EngineModel#submit}; needed to cancel it.
 *
 * @param <R> what the caller knows a request by
 */
public final class Ticket<R> {
  final R request;
  final Work work;

  /** Slots of the shared blocks held, the first {@code shared} of the sequence. */
  final int[] slots;

  int shared;
  int privateBlocks;
  int computed;
  int generated;
  int scheduled;
  int cached;
  boolean counted;
  Place place = Place.WAITING;

  enum Place {
    WAITING,
    RUNNING,
    GONE
  }

  Ticket(R request, Work work) {
    this.request = request;
    this.work = work;
    this.slots = new int[work.blockHashes().length];
  }

  /** Prompt tokens found in the prefix cache when the request was first admitted. */
  public int cachedTokens() {
    return cached;
  }

  /** Tokens whose KV cache is needed before the next token can come. */
  int tokens() {
    return work.promptTokens() + generated;
  }

  int blocks() {
    return shared + privateBlocks;
  }

  boolean decoding() {
    return generated > 0 && tokens() - computed == 1;
  }
}
