package io.weir.launcher.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Load, faults in turn, and the ledger at the end. */
final class ChaosRun {
  private static final Duration PATIENCE = Duration.ofSeconds(100);
  private static final Duration STANDSTILL = Duration.ofSeconds(25);
  private static final Duration SETTLING = Duration.ofSeconds(150);
  private static final int MOST_OUTSTANDING = 4_000;
  private static final int HISTORIES_PER_BREACH = 3;
  private static final long STEP_MILLIS = 500;

  private final ChaosSystem system;
  private final ChaosPlan plan;
  private final Progress progress;

  ChaosRun(ChaosSystem system, ChaosPlan plan, Progress progress) {
    this.system = system;
    this.plan = plan;
    this.progress = progress;
  }

  /** Runs against a system that has started. */
  ChaosReport run() throws IOException, InterruptedException {
    Offer offer = OfferProbe.ask(system.ingresses());
    progress.say(
        "both ingresses answer; async %s, keys %s, batches %s"
            .formatted(offer.async(), offer.keys(), offer.batches()));
    List<ClientEntry> entries;
    List<FaultTimes> times;
    try (ChaosClient client = new ChaosClient(system.ingresses(), PATIENCE);
        LoadGenerator load =
            LoadGenerator.start(
                client,
                new Workload(plan.seed(), plan.rate(), offer),
                PATIENCE,
                MOST_OUTSTANDING)) {
      times = faults(load);
      progress.say("waiting for " + load.outstanding() + " answers");
      load.finish();
      if (load.overrun()) {
        progress.say("the load was thinner than asked for: too many requests were unanswered");
      }
      entries = load.entries();
    }
    List<String> died = system.dead();
    try (ServerLog log = new ServerLog(system.kafka())) {
      settle(log);
      return report(offer, entries, times, log.lives(), died);
    }
  }

  private List<FaultTimes> faults(LoadGenerator load) throws InterruptedException {
    List<FaultTimes> times = new ArrayList<>();
    FaultInjector injector = new FaultInjector(system);
    calm();
    for (Fault fault : plan.faults()) {
      long now = System.currentTimeMillis();
      if (!times.isEmpty()) {
        times.set(times.size() - 1, times.getLast().until(now));
      }
      progress.say(fault.label());
      times.add(injector.inject(fault));
      progress.say(
          "%s is ready again; %d sent, %d unanswered"
              .formatted(fault.process(), load.sent(), load.outstanding()));
      calm();
    }
    while (load.sent() < plan.requests()) {
      TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
    }
    return times;
  }

  private void calm() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(plan.calm().toMillis());
  }

  /** Waits until everything has ended, or nothing ends any more. */
  private void settle(ServerLog log) throws InterruptedException {
    long start = System.nanoTime();
    long changed = start;
    log.readOn();
    long open = log.open();
    while (open > 0
        && System.nanoTime() - changed < STANDSTILL.toNanos()
        && System.nanoTime() - start < SETTLING.toNanos()) {
      progress.say(open + " requests have not ended yet");
      TimeUnit.SECONDS.sleep(2);
      log.readOn();
      long now = log.open();
      if (now != open) {
        changed = System.nanoTime();
        open = now;
      }
    }
  }

  private ChaosReport report(
      Offer offer,
      List<ClientEntry> entries,
      List<FaultTimes> times,
      Collection<RequestLife> lives,
      List<String> died) {
    List<FaultReport> faults = new ArrayList<>();
    for (FaultTimes fault : times) {
      faults.add(
          new FaultReport(
              fault.fault().label(),
              fault.healed() - fault.began(),
              Tally.of(entries, fault.began(), fault.ended(), fault::holds),
              Recovery.of(fault, lives)));
    }
    List<Breach> breaches = Ledger.breaches(entries, lives, times);
    return new ChaosReport(
        offer,
        Tally.of(entries, Long.MAX_VALUE, Long.MAX_VALUE, at -> true),
        faults,
        lives.stream().filter(life -> life.laneRecords() > 0).count(),
        ChaosReport.terminals(lives),
        lives.stream().mapToLong(RequestLife::hiddenTerminals).sum(),
        lives.stream().filter(life -> life.runs() > 1).count(),
        breaches,
        histories(breaches, entries, lives, times),
        histories(late(faults), entries, lives, times),
        died);
  }

  /** Not a breach, but looked into as if it were one. */
  private static List<Breach> late(List<FaultReport> faults) {
    return faults.stream()
        .flatMap(fault -> fault.recovery().late().stream())
        .map(id -> new Breach("no breach: ran again late", id, -1, ""))
        .toList();
  }

  /** Of each kind of breach, the first few requests' whole lives. */
  private static List<String> histories(
      List<Breach> breaches,
      List<ClientEntry> entries,
      Collection<RequestLife> lives,
      List<FaultTimes> times) {
    Map<Integer, ClientEntry> clients = new HashMap<>();
    entries.forEach(entry -> clients.put(entry.request().number(), entry));
    Map<String, List<Breach>> byPromise =
        breaches.stream()
            .collect(
                Collectors.groupingBy(Breach::promise, LinkedHashMap::new, Collectors.toList()));
    List<String> histories = new ArrayList<>();
    byPromise
        .values()
        .forEach(
            group ->
                group.stream()
                    .limit(HISTORIES_PER_BREACH)
                    .forEach(
                        breach -> histories.add(HistoryText.of(breach, clients, lives, times))));
    return histories;
  }
}
