package io.weir.routing.replay;

import io.weir.routing.admission.Admission;
import io.weir.routing.admission.AdmissionPolicy;
import io.weir.routing.admission.PoolLoad;
import io.weir.routing.admission.Verdict;
import io.weir.routing.config.Configs;
import io.weir.routing.cost.CostPolicy;
import io.weir.routing.cost.OutputExpectation;
import io.weir.routing.cost.RequestCost;
import io.weir.routing.order.ClassShares;
import io.weir.routing.order.DrainEstimate;
import io.weir.routing.order.FirstToken;
import io.weir.routing.order.ReadyOrder;
import io.weir.routing.order.Turn;
import io.weir.routing.targets.ClassTargets;
import io.weir.schemas.RequestClass;
import java.util.Optional;
import java.util.OptionalInt;

/** Weir's admission and order, by the classes for live traffic with their defaults. */
final class WeirDiscipline implements Discipline {
  private static final String MODEL = "model";

  private final CostPolicy costs = Configs.defaults(CostPolicy.class);
  private final OutputExpectation outputs = new OutputExpectation(costs);
  private final Admission admission;
  private final ReadyOrder<OverloadRequest> ready;
  private final DrainEstimate drain;

  /**
   * @param drainPerSecond tokens per second that the engines' models say the fleet serves
   */
  WeirDiscipline(ClassTargets targets, double drainPerSecond) {
    admission = new Admission(Configs.defaults(AdmissionPolicy.class), targets, tenant -> 1);
    ready = new ReadyOrder<>(Configs.defaults(ClassShares.class), targets, tenant -> 1);
    drain = new DrainEstimate(drainPerSecond, 0);
  }

  @Override
  public Filling filling() {
    return Filling.PACED;
  }

  @Override
  public boolean arrive(OverloadRequest request, long now) {
    double output = outputs.tokens(request.tenant(), MODEL, OptionalInt.empty());
    request.estimated(
        new RequestCost(request.live.trace.promptTokens(), output, costs.outputRatio()).tokens());
    Verdict verdict =
        admission.decide(
            request.requestClass(),
            request.tenant(),
            request.costTokens(),
            request.deadlineNanos() - now,
            new Load(now),
            now);
    if (verdict instanceof Verdict.Shed) {
      return false;
    }
    ready.offer(request);
    return true;
  }

  private final class Load implements PoolLoad {
    private final long now;

    Load(long now) {
      this.now = now;
    }

    @Override
    public double queuedTokens(RequestClass requestClass) {
      return ready.tokens(requestClass);
    }

    @Override
    public double drainPerSecond() {
      return drain.perSecond(now);
    }

    @Override
    public long measuredNanos() {
      return now;
    }
  }

  @Override
  public Optional<OverloadRequest> next(
      long now, FirstToken<OverloadRequest> firstToken, Dropped dropped) {
    while (true) {
      switch (ready.poll(now, firstToken)) {
        case Turn.Run<OverloadRequest> run -> {
          left(run.request());
          drain.served(run.request().costTokens(), ready.size(), now);
          return Optional.of(run.request());
        }
        case Turn.Drop<OverloadRequest> drop -> drop(drop.request(), dropped);
        case Turn.Empty<OverloadRequest> empty -> {
          drain.idle(now);
          return Optional.empty();
        }
      }
    }
  }

  @Override
  public void tick(long now, Dropped dropped) {
    ready.expire(now).forEach(expired -> drop(expired.request(), dropped));
  }

  @Override
  public void finished(OverloadRequest request) {
    int output = request.live.trace.outputTokens();
    outputs.ended(request.tenant(), MODEL, OptionalInt.empty(), output);
    double real =
        new RequestCost(request.live.trace.promptTokens(), output, costs.outputRatio()).tokens();
    ready.charge(request.requestClass(), request.tenant(), real - request.costTokens());
  }

  private void drop(OverloadRequest request, Dropped dropped) {
    left(request);
    dropped.drop(request);
  }

  private void left(OverloadRequest request) {
    admission.left(request.requestClass(), request.tenant(), request.costTokens());
  }
}
