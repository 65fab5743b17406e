package io.weir.routing.replay;

import io.weir.routing.replay.OverloadResult.ClassOutcome;
import io.weir.routing.replay.OverloadResult.TenantOutcome;
import io.weir.schemas.RequestClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Adds up what became of a run's requests. */
final class OverloadSums {
  private final OverloadMix mix;
  private final List<OverloadRequest> requests;
  private final List<OverloadEngine> engines;

  private OverloadSums(
      OverloadMix mix, List<OverloadRequest> requests, List<OverloadEngine> engines) {
    this.mix = mix;
    this.requests = requests;
    this.engines = engines;
  }

  static OverloadResult of(
      OverloadMix mix,
      OverloadPolicy policy,
      double load,
      List<OverloadRequest> requests,
      List<OverloadEngine> engines) {
    OverloadSums sums = new OverloadSums(mix, requests, engines);
    return new OverloadResult(
        policy,
        load,
        sums.value(),
        sums.wasted(),
        requests.getLast().enqueuedNanos() * 1e-9,
        sums.classes(),
        sums.tenants());
  }

  private boolean met(OverloadRequest request) {
    LiveRequest live = request.live;
    if (request.fate != OverloadRequest.Fate.ANSWERED
        || live.firstToken > request.deadlineNanos()) {
      return false;
    }
    int gaps = live.trace.outputTokens() - 1;
    return live.finished - live.firstToken <= gaps * mix.targets().tpot().toNanos();
  }

  private double value() {
    double offered = 0;
    double met = 0;
    for (OverloadRequest request : requests) {
      double value = mix.values().getOrDefault(request.requestClass(), 0.0);
      offered += value;
      met += met(request) ? value : 0;
    }
    return part(met, offered);
  }

  private double wasted() {
    double work = 0;
    double wasted = 0;
    for (OverloadRequest request : requests) {
      if (request.fate == OverloadRequest.Fate.ANSWERED) {
        double millis = engines.get(request.live.engine).workMillis(request.live.trace);
        work += millis;
        wasted += met(request) ? 0 : millis;
      }
    }
    return part(wasted, work);
  }

  private List<ClassOutcome> classes() {
    List<ClassOutcome> outcomes = new ArrayList<>();
    for (RequestClass each : RequestClass.values()) {
      List<OverloadRequest> of =
          requests.stream().filter(request -> request.requestClass() == each).toList();
      long[] ttft =
          of.stream()
              .filter(request -> request.fate == OverloadRequest.Fate.ANSWERED)
              .mapToLong(request -> request.waited(request.live.firstToken))
              .toArray();
      outcomes.add(
          new ClassOutcome(
              each,
              of.size(),
              part(of, this::met),
              part(of, request -> request.fate == OverloadRequest.Fate.SHED),
              part(of, request -> request.fate == OverloadRequest.Fate.DROPPED),
              Quantiles.ofNanos(ttft)));
    }
    return outcomes;
  }

  private List<TenantOutcome> tenants() {
    double offered = tokens(requests, request -> true);
    double served = tokens(requests, OverloadSums::answered);
    Map<String, List<OverloadRequest>> byTenant =
        requests.stream()
            .collect(
                Collectors.groupingBy(OverloadRequest::tenant, TreeMap::new, Collectors.toList()));
    List<TenantOutcome> outcomes = new ArrayList<>();
    byTenant.forEach(
        (tenant, of) ->
            outcomes.add(
                new TenantOutcome(
                    tenant,
                    part(tokens(of, request -> true), offered),
                    part(tokens(of, OverloadSums::answered), served),
                    part(of, this::met))));
    return outcomes;
  }

  private static boolean answered(OverloadRequest request) {
    return request.fate == OverloadRequest.Fate.ANSWERED;
  }

  private static double tokens(List<OverloadRequest> requests, Predicate<OverloadRequest> test) {
    return requests.stream()
        .filter(test)
        .mapToDouble(
            request ->
                (double) request.live.trace.promptTokens() + request.live.trace.outputTokens())
        .sum();
  }

  private static double part(List<OverloadRequest> of, Predicate<OverloadRequest> test) {
    return part((double) of.stream().filter(test).count(), of.size());
  }

  private static double part(double some, double all) {
    return all == 0 ? 0 : some / all;
  }
}
