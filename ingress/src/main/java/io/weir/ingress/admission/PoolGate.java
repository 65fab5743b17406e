package io.weir.ingress.admission;

import io.weir.ingress.admission.TokenEstimates.Estimate;
import io.weir.routing.admission.Admission;
import io.weir.routing.admission.AdmissionPolicy;
import io.weir.routing.admission.ClassShedding;
import io.weir.routing.admission.Pressure;
import io.weir.routing.admission.QueuePlace;
import io.weir.routing.admission.QueueView;
import io.weir.routing.admission.ShedReason;
import io.weir.routing.admission.Verdict;
import io.weir.routing.order.BrownOut.Rung;
import io.weir.routing.targets.ClassTargets;
import io.weir.schemas.PoolLoad;
import io.weir.schemas.RequestClass;
import io.weir.schemas.ResponseEnd;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Lets requests into one pool. Its lock is held for a few sums, and never while anything waits. */
final class PoolGate {
  /** Dispatchers tell twice a second; what was begun before is known by then. */
  private static final long BEAT_NANOS = Duration.ofMillis(500).toNanos();

  private final AdmissionPolicy policy;
  private final ClassTargets targets;
  private final TokenEstimates estimates;
  private final LongSupplier nanos;
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock.
  private final Admission admission;
  private final QueueView queues;
  // As many as there are clients, and no request stays longer than its time to first token.
  private final PriorityQueue<Ticket> tenants =
      new PriorityQueue<>(Comparator.comparingLong(ticket -> ticket.begunBy));
  private ClassShedding plan = ClassShedding.NONE;

  PoolGate(
      AdmissionPolicy policy,
      ClassTargets targets,
      ToDoubleFunction<String> weights,
      TokenEstimates estimates,
      LongSupplier nanos) {
    this.policy = policy;
    this.targets = targets;
    this.estimates = estimates;
    this.nanos = nanos;
    this.admission = new Admission(policy, targets, weights);
    this.queues = new QueueView(policy.absence(), nanos.getAsLong());
  }

  /** A request that a client waits for. */
  Entry enter(Arrival arrival) {
    Estimate estimate = estimates.of(arrival);
    double cost = estimates.cost(estimate);
    lock.lock();
    try {
      long now = advance();
      Verdict verdict =
          admission.decide(
              arrival.requestClass(),
              arrival.tenant(),
              cost,
              arrival.expiresIn().toNanos(),
              pressure(arrival, now),
              queues,
              now);
      return switch (verdict) {
        case Verdict.Admitted admitted -> {
          Ticket ticket =
              new Ticket(
                  this,
                  arrival,
                  estimate,
                  cost,
                  queues.sent(arrival.requestClass(), cost, estimate.promptTokens(), now),
                  now + waits(arrival, admitted));
          tenants.add(ticket);
          yield new Entry.Admitted(estimate.promptTokens(), estimate.outputTokens(), ticket);
        }
        case Verdict.Shed shed ->
            new Entry.Shed(
                estimate.promptTokens(),
                estimate.outputTokens(),
                shed.reason(),
                numbers(shed, cost),
                shed.retryAfter());
      };
    } finally {
      lock.unlock();
    }
  }

  /**
   * How long it waits at most. That a stream was begun is heard; of an answer in one piece only its
   * end is heard, so it is taken to be begun when it should be.
   */
  private long waits(Arrival arrival, Verdict.Admitted admitted) {
    long target = targets.ttft(arrival.requestClass()).toNanos();
    return arrival.stream()
        ? target
        : Math.min(target, (long) (admitted.waitMillis() * 1e6) + BEAT_NANOS);
  }

  private Pressure pressure(Arrival arrival, long now) {
    double planned = plan.part(arrival.requestClass(), now);
    if (planned > 0) {
      return Pressure.Planned.of(planned, arrival.id());
    }
    Rung[] ladder = Rung.values();
    Rung rung = ladder[Math.max(0, Math.min(ladder.length - 1, queues.brownOut()))];
    return rung.paused().contains(arrival.requestClass()) ? Pressure.BROWN_OUT : Pressure.NONE;
  }

  private static Map<String, Double> numbers(Verdict.Shed shed, double cost) {
    Map<String, Double> numbers = new HashMap<>();
    numbers.put("cost_tokens", cost);
    numbers.put("queued_tokens", shed.queuedTokens());
    numbers.put("drain_per_second", shed.drainPerSecond());
    if (Double.isFinite(shed.waitMillis())) {
      numbers.put("wait_ms", shed.waitMillis());
    }
    numbers.put("limit_ms", shed.limitMillis());
    numbers.put("tenant_tokens", shed.tenantTokens());
    numbers.put("place_tokens", shed.place());
    return numbers;
  }

  /**
   * A request that nobody has to wait for. It is durable and may lie in its lane for long; refused
   * is what finds the lane full, or would expire in it.
   */
  Entry enterDetached(Arrival arrival) {
    Estimate estimate = estimates.of(arrival);
    lock.lock();
    try {
      long unused = advance();
      long waiting = queues.queuedRequests(arrival.requestClass());
      double drain = queues.drainPerSecond();
      double ahead = 0;
      for (RequestClass each : RequestClass.values()) {
        ahead += each.compareTo(arrival.requestClass()) <= 0 ? queues.queuedTokens(each) : 0;
      }
      double waitMillis = drain > 0 ? ahead / drain * 1e3 : 0;
      boolean full = waiting >= policy.laneRequests();
      if (!full && waitMillis < arrival.expiresIn().toMillis()) {
        return new Entry.Admitted(
            estimate.promptTokens(),
            estimate.outputTokens(),
            new DetachedWatch(this, arrival, estimate));
      }
      double overMillis = full ? waitMillis / waiting : waitMillis - arrival.expiresIn().toMillis();
      return new Entry.Shed(
          estimate.promptTokens(),
          estimate.outputTokens(),
          full ? ShedReason.LANE_FULL : ShedReason.DEADLINE,
          Map.of(
              "queued_requests",
              (double) waiting,
              "limit_requests",
              (double) policy.laneRequests(),
              "queued_tokens",
              ahead,
              "drain_per_second",
              drain,
              "wait_ms",
              waitMillis,
              "limit_ms",
              (double) arrival.expiresIn().toMillis()),
          Duration.ofMillis(
              Math.max(1_000, Math.min(policy.longestRetry().toMillis(), (long) overMillis))));
    } finally {
      lock.unlock();
    }
  }

  /** Brings everything up to now. */
  private long advance() {
    long now = nanos.getAsLong();
    queues.at(now);
    while (!tenants.isEmpty() && tenants.peek().begunBy - now <= 0) {
      release(tenants.poll());
    }
    return now;
  }

  private void release(Ticket ticket) {
    if (!ticket.released) {
      ticket.released = true;
      admission.left(ticket.arrival.requestClass(), ticket.arrival.tenant(), ticket.costTokens);
    }
  }

  void acked(Ticket ticket, int partition, long offset) {
    locked(() -> queues.acked(ticket.waiting, partition, offset));
  }

  void acked(RequestClass requestClass, int partition, long offset) {
    locked(() -> queues.acked(requestClass, partition, offset));
  }

  /** An engine has it. */
  void begun(Ticket ticket) {
    locked(
        () -> {
          queues.begun(ticket.waiting, nanos.getAsLong());
          release(ticket);
        });
  }

  /** Its answer has ended. */
  void answered(Ticket ticket, ResponseEnd end) {
    boolean served = end.getFailure().isEmpty();
    locked(
        () -> {
          if (served) {
            queues.served(ticket.waiting, nanos.getAsLong());
          } else {
            queues.ended(ticket.waiting, nanos.getAsLong());
          }
          release(ticket);
        });
    learn(ticket.arrival, ticket.estimate, end);
  }

  /** Nobody waits for it any more. */
  void left(Ticket ticket) {
    locked(
        () -> {
          queues.ended(ticket.waiting, nanos.getAsLong());
          release(ticket);
        });
  }

  void learn(Arrival arrival, Estimate estimate, ResponseEnd end) {
    if (end.getFailure().isEmpty() && end.getUsage().isPresent()) {
      estimates.served(arrival, estimate, end.getUsage().get());
    }
  }

  Optional<QueuePlace> place(Ticket ticket) {
    return told(
        () -> {
          queues.at(nanos.getAsLong());
          return queues.place(ticket.waiting);
        });
  }

  Optional<QueuePlace> place(RequestClass requestClass, int partition, long offset) {
    return told(
        () -> {
          queues.at(nanos.getAsLong());
          return queues.place(requestClass, partition, offset);
        });
  }

  /** Tokens that wait in a class. */
  double queuedTokens(RequestClass requestClass) {
    return told(
        () -> {
          queues.at(nanos.getAsLong());
          return queues.queuedTokens(requestClass);
        });
  }

  /** Tokens per second that are known to be served; 0 if none are. */
  double drainPerSecond() {
    return told(
        () -> {
          queues.at(nanos.getAsLong());
          return queues.knownDrain();
        });
  }

  /** A dispatcher tells. */
  void report(String dispatcher, PoolLoad load) {
    locked(() -> queues.report(dispatcher, load, nanos.getAsLong()));
  }

  void gone(String dispatcher) {
    locked(() -> queues.gone(dispatcher, nanos.getAsLong()));
  }

  void planned(ClassShedding shedding) {
    locked(() -> plan = shedding);
  }

  private void locked(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }

  private <T> T told(Supplier<T> question) {
    lock.lock();
    try {
      return question.get();
    } finally {
      lock.unlock();
    }
  }
}
