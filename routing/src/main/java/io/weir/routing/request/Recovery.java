package io.weir.routing.request;

import io.weir.routing.fleet.OnInterruption;
import io.weir.routing.request.RecoveryVerdict.Close;
import io.weir.routing.request.RecoveryVerdict.Contest;
import io.weir.routing.request.RecoveryVerdict.End;
import io.weir.routing.request.RecoveryVerdict.Leave;
import io.weir.routing.request.RecoveryVerdict.Reason;
import io.weir.routing.request.RecoveryVerdict.Reset;
import io.weir.routing.request.RecoveryVerdict.RunAgain;
import io.weir.routing.request.RecoveryVerdict.Settle;
import io.weir.routing.request.RecoveryVerdict.Text;
import io.weir.schemas.AcceptedRequest;
import io.weir.schemas.Attempt;
import io.weir.schemas.Failure;
import io.weir.schemas.OpenClaim;
import io.weir.schemas.RequestState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a controller does about a request that nobody works on any more, one write at a time.
 *
 * <p>The reply partition is the authority for the answer, so a controller never decides from the
 * lifecycle what the answer is: it writes a RESET or an END there, reads on until after what it
 * wrote, and goes by what stands. Somebody who was thought dead may have written in between. Before
 * the first such write it says so in the lifecycle (CONTESTED): a dispatcher's terminal that comes
 * later does not count, and the END of one that came earlier lies in what is then read.
 *
 * <p>Whatever a controller has written when it dies, the next one decides from the same logs and
 * goes on; at worst a request is run twice.
 */
public final class Recovery {
  private static final String CHAT = "/v1/chat/completions";

  private Recovery() {}

  /**
   * True if a controller has to step in, so that the reply partition is worth reading.
   *
   * @param clockMillis the log's clock, milliseconds since the epoch
   */
  public static boolean isDue(
      RequestState state, Deaths deaths, RecoveryPolicy policy, long clockMillis) {
    if (state.getTerminal().isPresent() || state.getRequest().isEmpty()) {
      return false;
    }
    return state.getClaims().isEmpty()
        ? clockMillis > expiry(state) + policy.grace().toMillis()
        : state.getClaims().stream().anyMatch(claim -> isGone(claim, deaths));
  }

  /**
   * The next step.
   *
   * @param reading of the reply partition, from the request's first chunk to an end that was asked
   *     for after the last event that {@code state} needs: after CONTESTED was acked
   * @param clockMillis the log's clock, milliseconds since the epoch
   */
  public static RecoveryVerdict decide(
      RequestState state,
      ReplyReading reading,
      Deaths deaths,
      RecoveryPolicy policy,
      long clockMillis) {
    if (!isDue(state, deaths, policy, clockMillis)) {
      return new Leave(idle(state));
    }
    if (!state.getContested()) {
      return new Contest();
    }
    if (reading.end().isPresent()) {
      return settled(reading);
    }
    return new Case(state, reading, deaths, policy, clockMillis).next();
  }

  private static Reason idle(RequestState state) {
    if (state.getTerminal().isPresent()) {
      return Reason.ENDED;
    }
    return state.getRequest().isEmpty() ? Reason.UNKNOWN : Reason.IN_GOOD_HANDS;
  }

  private static Settle settled(ReplyReading reading) {
    Optional<Failure> failure = reading.end().orElseThrow().getFailure();
    return new Settle(
        EndFailures.terminal(failure),
        reading.current().orElseThrow(),
        failure,
        reading.end().orElseThrow().getUsage(),
        reading.firstOffset(),
        reading.lastOffset());
  }

  private static boolean isGone(OpenClaim claim, Deaths deaths) {
    return claim.getReleased() || deaths.isDead(claim.getMember(), claim.getMemberEpoch());
  }

  private static long expiry(RequestState state) {
    return state.getRequest().orElseThrow().getExpiresAt().toEpochMilli();
  }

  /** A contested request without END. */
  private static final class Case {
    private final RequestState state;
    private final AcceptedRequest request;
    private final ReplyReading reading;
    private final RecoveryPolicy policy;
    private final boolean expired;

    /** Claims of which nothing can come any more: gone, or out of the race for the text. */
    private final Set<String> over;

    private final Set<String> alive;

    /** The attempt whose text is the answer, if nobody writes on it any more. */
    private final Optional<Attempt> brokenOff;

    Case(
        RequestState state,
        ReplyReading reading,
        Deaths deaths,
        RecoveryPolicy policy,
        long clockMillis) {
      this.state = state;
      this.request = state.getRequest().orElseThrow();
      this.reading = reading;
      this.policy = policy;
      this.expired = clockMillis > expiry(state);
      Set<String> out = reading.answer().closed();
      this.over =
          state.getClaims().stream()
              .filter(each -> isGone(each, deaths) || out.contains(each.getAttempt().getId()))
              .map(each -> each.getAttempt().getId())
              .collect(Collectors.toCollection(TreeSet::new));
      this.alive =
          state.getClaims().stream()
              .map(each -> each.getAttempt().getId())
              .filter(id -> !over.contains(id))
              .collect(Collectors.toCollection(TreeSet::new));
      // A claim stands in the lifecycle before its text does: an attempt that is neither open nor
      // closed here is newer than this state, and was alive a moment ago.
      this.brokenOff =
          reading
              .current()
              .filter(
                  current ->
                      over.contains(current.getId())
                          || state.getClosedAttempts().contains(current.getId()));
    }

    RecoveryVerdict next() {
      if (reading.current().isPresent() && brokenOff.isEmpty()) {
        return close();
      }
      if (brokenOff.isPresent() && request.getWatched()) {
        return isExhausted() ? end(exhaustion()) : interrupted();
      }
      if (!alive.isEmpty()) {
        return close();
      }
      return isExhausted() ? end(exhaustion()) : runAgain();
    }

    /** Somebody else works on it: what is over is put out of the way. */
    private RecoveryVerdict close() {
      if (all(over).isEmpty()) {
        return new Leave(Reason.IN_GOOD_HANDS);
      }
      return resetOr(over, new Close(List.copyOf(over)));
    }

    private RecoveryVerdict interrupted() {
      boolean continuable = request.getStream() && request.getPath().equals(CHAT);
      if (!continuable || policy.onInterruption() == OnInterruption.ERROR) {
        return end(EndFailures.interrupted());
      }
      // One that begins anew would void the text, so everybody starts from the text that is kept.
      Set<String> all = new TreeSet<>(over);
      all.addAll(alive);
      return new Reset(all(all), Text.KEPT);
    }

    private RecoveryVerdict runAgain() {
      return request
          .getPointer()
          .map(
              pointer ->
                  resetOr(
                      over,
                      new RunAgain(
                          Requeues.next(state, reading, request, pointer), List.copyOf(over))))
          .orElseGet(() -> end(EndFailures.originalLost()));
    }

    /** First the reply partition, then the lifecycle. */
    private RecoveryVerdict resetOr(Set<String> attempts, RecoveryVerdict closing) {
      List<String> all = all(attempts);
      return reading.answer().closed().containsAll(all) ? closing : new Reset(all, Text.VOID);
    }

    private List<String> all(Set<String> attempts) {
      List<String> all = new ArrayList<>(attempts);
      brokenOff.map(Attempt::getId).filter(id -> !attempts.contains(id)).ifPresent(all::add);
      return all;
    }

    private boolean isExhausted() {
      return expired || (!over.isEmpty() && state.getAttempts() >= policy.maxAttempts());
    }

    private Failure exhaustion() {
      return expired
          ? EndFailures.expired(state.getAttempts())
          : EndFailures.attemptsExhausted(state.getAttempts());
    }

    private RecoveryVerdict end(Failure failure) {
      return new End(
          brokenOff.orElseGet(this::ownAttempt),
          failure,
          reading.answer().continuation(),
          reading.answer().events(),
          reading.answer().bytes());
    }

    /** An attempt of no engine, which only ends: its id must not have been beaten before. */
    private Attempt ownAttempt() {
      int tries = 1;
      while (reading.answer().closed().contains(ownId(tries))) {
        tries++;
      }
      return new Attempt(ownId(tries), Math.max(1, state.getAttempts()));
    }

    private String ownId(int tries) {
      return state.getRequestId() + "-end-" + tries;
    }
  }
}
