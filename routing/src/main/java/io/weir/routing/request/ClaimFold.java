package io.weir.routing.request;

import io.weir.routing.answer.TerminalReducer;
import io.weir.schemas.Attempt;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.OpenClaim;
import io.weir.schemas.RequestState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who holds a request, and how often it was tried. */
final class ClaimFold {
  /** Of a member that does not say its epoch only its death is known. */
  private static final long NO_EPOCH = Long.MAX_VALUE;

  private ClaimFold() {}

  /**
   * The claims after an event.
   *
   * @param open the attempts that are open after it
   */
  static List<OpenClaim> claims(RequestState state, LifecycleEvent event, Set<String> open) {
    List<OpenClaim> claims = new ArrayList<>();
    for (OpenClaim claim : state.getClaims()) {
      if (open.contains(claim.getAttempt().getId())) {
        claims.add(touched(claim, event));
      }
    }
    if (isNew(state, event, open)) {
      claims.add(claim(state, event));
    }
    return claims;
  }

  /**
   * How many claims were made, but for those that were given back before an engine had the request.
   */
  static int attempts(RequestState state, LifecycleEvent event, Set<String> open) {
    boolean claimed = event.getType() != LifecycleType.RETRIED && isNew(state, event, open);
    long givenBack =
        state.getClaims().stream()
            .filter(claim -> isGivenUp(claim, event) && !claim.getReleased())
            .filter(claim -> claim.getEngine().isEmpty())
            .count();
    return state.getAttempts() + (claimed ? 1 : 0) - (int) givenBack;
  }

  private static boolean isNew(RequestState state, LifecycleEvent event, Set<String> open) {
    return TerminalReducer.isClaim(event)
        && open.contains(event.getAttempt().orElseThrow().getId())
        && find(state, event.getAttempt().orElseThrow().getId()).isEmpty();
  }

  private static OpenClaim claim(RequestState state, LifecycleEvent event) {
    // A retry's event names the engine that failed; its claim has been to an engine as the one it
    // replaces has.
    Optional<String> engine =
        event.getType() == LifecycleType.RETRIED
            ? event.getClosedAttempts().stream()
                .flatMap(closed -> find(state, closed).stream())
                .findFirst()
                .flatMap(OpenClaim::getEngine)
            : event.getEngine();
    return new OpenClaim(
        event.getAttempt().orElseThrow(),
        event.getMember(),
        event.getMemberEpoch().orElse(NO_EPOCH),
        engine.orElse(null),
        false);
  }

  private static OpenClaim touched(OpenClaim claim, LifecycleEvent event) {
    boolean mine = isOf(claim, event.getAttempt());
    boolean dispatched = mine && event.getType() == LifecycleType.DISPATCHED;
    boolean released =
        isGivenUp(claim, event) || (mine && TerminalReducer.isTerminal(event.getType()));
    if (!dispatched && !released) {
      return claim;
    }
    return new OpenClaim(
        claim.getAttempt(),
        claim.getMember(),
        claim.getMemberEpoch(),
        dispatched ? event.getEngine().orElse(null) : claim.getEngine().orElse(null),
        claim.getReleased() || released);
  }

  private static boolean isGivenUp(OpenClaim claim, LifecycleEvent event) {
    return event.getType() == LifecycleType.RETRIED
        && event.getAttempt().isEmpty()
        && event.getClosedAttempts().contains(claim.getAttempt().getId());
  }

  private static boolean isOf(OpenClaim claim, Optional<Attempt> attempt) {
    return attempt.map(Attempt::getId).filter(claim.getAttempt().getId()::equals).isPresent();
  }

  private static Optional<OpenClaim> find(RequestState state, String attempt) {
    return state.getClaims().stream()
        .filter(claim -> claim.getAttempt().getId().equals(attempt))
        .findFirst();
  }
}
