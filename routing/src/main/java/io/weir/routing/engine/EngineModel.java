package io.weir.routing.engine;

import io.weir.routing.engine.Ticket.Place;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * An engine with continuous batching, iteration by iteration, after vLLM's V1 scheduler: running
 * sequences first, each with one decode token or its next prefill chunk, then waiting ones first
 * come, first served while {@code max_num_seqs}, {@code max_num_batched_tokens} and KV blocks
 * allow. A sequence that computes its last missing token gets its next token at the iteration's
 * end. When blocks run out the youngest sequence is preempted and recomputed later.
 *
 * <p>The model has no clock. While it has work, one iteration is under way and {@link
 * #iterationEnd} says when it ends; the caller calls {@link #endIteration} then, in real time or
 * virtual, which reports the tokens and begins the next one. Not thread-safe.
 *
 * @param <R> what the caller knows a request by
 */
public final class EngineModel<R> {
  /** {@link #iterationEnd} of an engine without work. */
  public static final long IDLE = Long.MAX_VALUE;

  private final EngineProfile profile;
  private final SequenceBlocks blocks;
  private final ArrayDeque<Ticket<R>> waiting = new ArrayDeque<>();
  private final List<Ticket<R>> running = new ArrayList<>();
  private long end = IDLE;
  private double slowdown = 1;
  private long prefixQueries;
  private long prefixHits;
  private long preemptions;
  private long iterations;
  private long computedTokens;

  public EngineModel(EngineProfile profile) {
    this.profile = profile;
    this.blocks = new SequenceBlocks(profile);
  }

  public EngineProfile profile() {
    return profile;
  }

  /** Whether the engine could ever finish this work. */
  public boolean fits(Work work) {
    long tokens = (long) work.promptTokens() + work.outputTokens();
    return tokens <= profile.maxModelLen() && tokens <= profile.kvTokens();
  }

  /**
   * Queues a request. An idle engine begins an iteration at once.
   *
   * @param now nanoseconds; not before any time given earlier
   * @throws IllegalArgumentException if the work does not {@link #fits fit}
   */
  public Ticket<R> submit(long now, R request, Work work) {
    if (!fits(work)) {
      throw new IllegalArgumentException(
          work.promptTokens()
              + " + "
              + work.outputTokens()
              + " tokens do not fit the engine's context or KV cache");
    }
    Ticket<R> ticket = new Ticket<>(request, work);
    waiting.add(ticket);
    if (end == IDLE) {
      begin(now);
    }
    return ticket;
  }

  /**
   * Takes a request out; its blocks are free at once. The iteration under way keeps its length.
   *
   * @return false if it had left already
   */
  public boolean cancel(Ticket<R> ticket) {
    if (ticket.place == Place.GONE) {
      return false;
    }
    if (ticket.place == Place.RUNNING) {
      running.remove(ticket);
    } else {
      waiting.remove(ticket);
    }
    leave(ticket);
    return true;
  }

  /** When the iteration under way ends, in nanoseconds, or {@link #IDLE}. */
  public long iterationEnd() {
    return end;
  }

  /**
   * Ends the iteration under way at {@link #iterationEnd}, reports its tokens in the order the
   * requests were admitted, and begins the next if there is work. The listener must not call the
   * model.
   */
  public void endIteration(IterationListener<? super R> listener) {
    if (end == IDLE) {
      throw new IllegalStateException("no iteration is under way");
    }
    iterations++;
    int kept = 0;
    for (int i = 0; i < running.size(); i++) {
      Ticket<R> ticket = running.get(i);
      if (!finishes(ticket, listener)) {
        running.set(kept++, ticket);
      }
    }
    running.subList(kept, running.size()).clear();
    begin(end);
  }

  /**
   * Makes iterations that begin from now on longer.
   *
   * @param factor 1 for the profile's own speed
   */
  public void slowDown(double factor) {
    if (!(factor > 0)) {
      throw new IllegalArgumentException("a slow-down factor is positive, not " + factor);
    }
    slowdown = factor;
  }

  public EngineSignals signals() {
    return new EngineSignals(
        running.size(),
        waiting.size(),
        blocks.usage(),
        prefixQueries,
        prefixHits,
        preemptions,
        iterations,
        computedTokens);
  }

  private boolean finishes(Ticket<R> ticket, IterationListener<? super R> listener) {
    if (ticket.scheduled == 0) {
      return false;
    }
    ticket.computed += ticket.scheduled;
    ticket.scheduled = 0;
    blocks.publish(ticket);
    if (ticket.computed < ticket.tokens()) {
      return false;
    }
    ticket.generated++;
    boolean last = ticket.generated == ticket.work.outputTokens();
    if (last) {
      leave(ticket);
    }
    listener.token(ticket.request, ticket.generated, last);
    return last;
  }

  private void leave(Ticket<R> ticket) {
    blocks.free(ticket);
    ticket.place = Place.GONE;
  }

  private void begin(long now) {
    Batch batch = new Batch(profile.maxNumBatchedTokens());
    if (continueRunning(batch)) {
      admit(batch);
    }
    if (batch.tokens == 0) {
      end = IDLE;
      return;
    }
    computedTokens += batch.tokens;
    double millis =
        profile.cost().millis(batch.tokens, batch.decodeContext, batch.prefillWork)
            + batch.hostTokens * profile.hostLoadMillis();
    end = now + Math.max(1, Math.round(millis * slowdown * 1e6));
  }

  /** Says false if a sequence had to be preempted: then nothing new may come in. */
  private boolean continueRunning(Batch batch) {
    boolean room = true;
    for (int i = 0; i < running.size() && batch.room > 0; i++) {
      Ticket<R> ticket = running.get(i);
      int tokens = Math.min(ticket.tokens() - ticket.computed, batch.room);
      while (ticket.place == Place.RUNNING && !blocks.grow(ticket, tokens)) {
        preempt(running.removeLast());
        room = false;
      }
      if (ticket.place == Place.RUNNING) {
        batch.schedule(ticket, tokens);
      }
    }
    return room;
  }

  private void admit(Batch batch) {
    while (batch.room > 0 && running.size() < profile.maxNumSeqs() && !waiting.isEmpty()) {
      Ticket<R> ticket = waiting.peek();
      int fromHost = blocks.reusePrefix(ticket);
      int tokens = Math.min(ticket.tokens() - ticket.computed, batch.room);
      if (!blocks.grow(ticket, tokens)) {
        blocks.free(ticket);
        return;
      }
      waiting.remove();
      running.add(ticket);
      ticket.place = Place.RUNNING;
      countPrefix(ticket);
      batch.hostTokens += fromHost;
      batch.schedule(ticket, tokens);
    }
  }

  /** A request counts once, however often it is preempted. */
  private void countPrefix(Ticket<R> ticket) {
    if (!ticket.counted) {
      ticket.counted = true;
      prefixQueries += ticket.work.promptTokens();
      prefixHits += ticket.computed;
      ticket.cached = ticket.computed;
    }
  }

  private void preempt(Ticket<R> ticket) {
    blocks.free(ticket);
    ticket.place = Place.WAITING;
    waiting.addFirst(ticket);
    preemptions++;
  }
}
