package io.weir.ingress;

import com.github.f4b6a3.ulid.Ulid;
import io.weir.ingress.admission.AdmissionControl;
import io.weir.ingress.leave.CancelReason;
import io.weir.ingress.leave.Notices;
import io.weir.ingress.lookup.Controllers;
import io.weir.ingress.lookup.Lookup;
import io.weir.ingress.lookup.RequestView;
import io.weir.routing.admission.QueuePlace;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.ReplyAddress;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Finds requests by their ids, joins their answers and ends them, for who asks by HTTP. */
final class RequestLookup {
  private static final long RETRY_MILLIS = 1_000;

  /** A request as young as this may not be known to the controllers yet. */
  private static final Duration YOUNG = Duration.ofSeconds(10);

  /** How long, and how often, they are asked for it again. */
  private static final long NEWS_NANOS = Duration.ofSeconds(3).toNanos();

  private static final Duration NEWS_EVERY = Duration.ofMillis(100);

  private final IngressConfig config;
  private final Controllers controllers;
  private final Reattachment reattachment;
  private final Notices notices;
  private final AdmissionControl admission;

  RequestLookup(
      IngressConfig config,
      Controllers controllers,
      Reattachment reattachment,
      Notices notices,
      AdmissionControl admission) {
    this.admission = admission;
    this.config = config;
    this.controllers = controllers;
    this.reattachment = reattachment;
    this.notices = notices;
  }

  /**
   * A tenant's request.
   *
   * @param unknown what is said if there is none
   * @throws RefusedException if there is none, or that cannot be told
   */
  RequestView find(String id, String tenant, ApiError unknown) throws RefusedException {
    boolean young =
        Duration.between(Ulid.from(id).getInstant(), Instant.now()).abs().compareTo(YOUNG) < 0;
    long start = System.nanoTime();
    try {
      Lookup lookup = controllers.find(id);
      while (young
          && (lookup instanceof Lookup.Unknown || lookup instanceof Lookup.Unavailable)
          && System.nanoTime() - start < NEWS_NANOS) {
        Thread.sleep(NEWS_EVERY);
        lookup = controllers.find(id);
      }
      return switch (lookup) {
        case Lookup.Found(RequestView view) when view.tenant().equals(tenant) -> view;
        case Lookup.Found others -> throw new RefusedException(unknown);
        case Lookup.Unknown none -> throw new RefusedException(unknown);
        case Lookup.Expired expired -> throw new RefusedException(AnswerErrors.gone());
        case Lookup.Unavailable(long retryMillis) ->
            throw new RefusedException(
                ApiError.unavailable(
                    "controller_unavailable",
                    "No controller can say at present what became of the request; it is not affected.",
                    retryMillis));
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreadable();
    }
  }

  /** Where a request stands that waits; empty if it does not, or that is not known here. */
  Optional<QueuePlace> place(RequestView view) {
    return view.running() || view.terminal().isPresent()
        ? Optional.empty()
        : view.accepted().flatMap(RequestView.Accepted::record).flatMap(admission::place);
  }

  /** A client asked for a request and does not stay. */
  void touch(RequestView view) {
    reattachment.touch(joined(view));
  }

  /**
   * Gives a client a request's answer, from its beginning to its end or as long as the client wants
   * to wait.
   *
   * @throws IOException if the client has gone
   * @throws RefusedException if the answer cannot be read at present
   */
  void join(RequestView view, Answer answer, Optional<Duration> patience)
      throws IOException, RefusedException {
    var unused = reattachment.run(joined(view), answer, patience, Past.AS_IT_CAME);
  }

  /**
   * Gives a client the events of a request's answer.
   *
   * @param had what it has of them
   * @throws IOException if the client has gone
   * @throws RefusedException if the answer cannot be read at present
   */
  void follow(RequestView view, Answer events, Optional<? extends Had> had)
      throws IOException, RefusedException {
    if (had.isPresent()) {
      join(view, new ResumedAnswer(events, had.get()), Optional.empty());
      return;
    }
    Past past = view.attempts() > 1 ? Past.AS_IT_STANDS : Past.AS_IT_CAME;
    var unused = reattachment.run(joined(view), events, Optional.empty(), past);
  }

  /**
   * Has a request ended.
   *
   * @throws RefusedException if that could not be written
   */
  void cancel(RequestView view) throws RefusedException {
    Instant expiresAt =
        view.accepted()
            .map(RequestView.Accepted::expiresAt)
            .orElseGet(() -> Instant.now().plus(RequestExpiry.LONGEST));
    try {
      var unused =
          notices
              .cancel(view.id(), view.source(), CancelReason.DELETED, expiresAt)
              .get(config.timeouts().produce().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new RefusedException(
          ApiError.unavailable(
              "broker_unavailable",
              "The brokers did not acknowledge the cancellation in time.",
              RETRY_MILLIS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreadable();
    }
  }

  /** What is known of the answer cannot be got at. */
  static RefusedException unreadable() {
    return new RefusedException(
        ApiError.unavailable(
            "answer_unreadable", "The answer cannot be read at present.", RETRY_MILLIS));
  }

  /** Where a request stands that has not ended. */
  static RequestStatus standing(RequestView view) {
    return view.running() ? RequestStatus.IN_PROGRESS : RequestStatus.QUEUED;
  }

  /** Why a request ended, as far as its terminal tells. */
  static ApiError error(RequestView view, RequestView.Terminal terminal) {
    return terminal
        .failure()
        .map(failure -> ApiError.of(failure, 0, view.attempts()))
        .orElseGet(
            () ->
                ApiError.invalid(
                    terminal.type() == LifecycleType.CANCELLED ? 499 : 502,
                    RequestStatus.of(terminal.type()).word(),
                    "The request ended without an answer."));
  }

  private static Reattachment.Joined joined(RequestView view) {
    RequestView.Accepted accepted = view.accepted().orElseThrow();
    ReplyAddress reply = accepted.reply();
    // The text of a request that ran once begins where its attempt does; of others, the resets
    // before it have to be read as well.
    Optional<Long> first =
        view.terminal().filter(end -> view.attempts() <= 1).flatMap(e -> e.firstOffset());
    return new Reattachment.Joined(
        view.id(),
        view.source(),
        new ReplyAddress(
            reply.getTopic(), reply.getPartition(), first.orElse(reply.getEndOffset())),
        accepted.expiresAt(),
        accepted.watched() && view.terminal().isEmpty());
  }
}
