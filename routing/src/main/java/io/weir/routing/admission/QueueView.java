package io.weir.routing.admission;

import io.weir.schemas.LaneLoad;
import io.weir.schemas.RequestClass;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one ingress knows of one pool's queues. Dispatchers tell at every heartbeat what waits and
 * how fast it drains; in between, what the ingress sends is added and what drains is taken away,
 * class by class from the highest. Whatever was begun since is not counted, so that a pool without
 * a queue has none here, however wrong its drain rate is. The rate is never taken for less than
 * what the ingress sees served itself.
 *
 * <p>While dispatchers have engines with free places, a request takes one of those: it holds up the
 * next ones by its prompt, and not by its answer, which is generated beside theirs.
 *
 * <p>A dispatcher that is gone is missed after a while only: requests are durable, and one that
 * merely starts anew will find them. {@link #at} brings everything up to a time; the getters tell
 * of that time. Not safe for use by several threads.
 */
public final class QueueView implements PoolLoad {
  /** Tokens per second of a pool that nobody has measured, and where nothing waits. */
  private static final double UNMEASURED = 1e12;

  private static final RequestClass[] CLASSES = RequestClass.values();

  private record Report(io.weir.schemas.PoolLoad load, long at) {}

  private final long patienceNanos;
  private final Map<RequestClass, LaneView> lanes = new EnumMap<>(RequestClass.class);
  private final Map<String, Report> reports = new HashMap<>();
  private final double[] queued = new double[CLASSES.length];
  private final ServedRate served = new ServedRate();

  /** Free places at engines that nobody was seen to take. */
  private long room;

  private boolean live;
  private double reportedDrain;
  private long heardAt;
  private boolean waits;
  private long waitsSince;
  private long now;

  /**
   * @param patience how long a pool that nobody serves is taken for one whose dispatcher starts
   */
  public QueueView(Duration patience, long now) {
    this.patienceNanos = patience.toNanos();
    this.heardAt = now;
    this.now = now;
    for (int i = 0; i < CLASSES.length; i++) {
      lanes.put(CLASSES[i], new LaneView(i));
    }
  }

  /** A dispatcher that is alive tells. */
  public void report(String dispatcher, io.weir.schemas.PoolLoad load, long time) {
    at(time);
    if (!live) {
      // Those before it are gone; what they had taken will be read again.
      reports.keySet().stream().toList().forEach(this::drop);
    }
    live = true;
    heardAt = now;
    reports.put(dispatcher, new Report(load, now));
    lanes.values().forEach(lane -> lane.clear(dispatcher));
    for (LaneLoad each : load.getLanes()) {
      lanes.get(each.getRequestClass()).report(dispatcher, each);
    }
    count();
  }

  /** A dispatcher has left or died. */
  public void gone(String dispatcher, long time) {
    at(time);
    if (!reports.containsKey(dispatcher)) {
      return;
    }
    if (reports.size() > 1) {
      drop(dispatcher);
      count();
    } else {
      live = false;
    }
  }

  private void drop(String dispatcher) {
    reports.remove(dispatcher);
    lanes.values().forEach(lane -> lane.forget(dispatcher));
  }

  /** Counts anew what waits: what was told, less what has drained since, and what came since. */
  private void count() {
    Map<String, double[]> tokens = new HashMap<>();
    tokens.put(LaneView.NOBODY, new double[CLASSES.length]);
    reports.keySet().forEach(each -> tokens.put(each, new double[CLASSES.length]));
    lanes.values().forEach(lane -> lane.addTo(tokens));
    reportedDrain = 0;
    reports.forEach(
        (dispatcher, report) -> {
          double drain = report.load().getDrain();
          reportedDrain += drain;
          drain(tokens.get(dispatcher), drain * (now - report.at()) * 1e-9);
        });
    Arrays.fill(queued, 0);
    for (double[] each : tokens.values()) {
      for (int i = 0; i < queued.length; i++) {
        queued[i] += each[i];
      }
    }
    room = 0;
    reports.values().forEach(report -> room += report.load().getRoom());
    lanes.values().forEach(lane -> room -= lane.toCome());
    boolean waited = waits;
    waits = lanes.values().stream().anyMatch(lane -> lane.reportedTokens() > 0);
    waitsSince = waits && waited ? waitsSince : now;
  }

  private static void drain(double[] tokens, double budget) {
    double left = budget;
    for (int i = 0; i < tokens.length && left > 0; i++) {
      double drained = Math.min(left, tokens[i]);
      tokens[i] -= drained;
      left -= drained;
    }
  }

  /** It is this time now; earlier times change nothing. */
  public void at(long time) {
    if (time - now <= 0) {
      return;
    }
    if (live) {
      drain(queued, knownDrain() * (time - now) * 1e-9);
    }
    now = time;
  }

  /**
   * This ingress sends a request that somebody waits for.
   *
   * @param costTokens what it takes of an engine
   * @param promptTokens the part of it that comes before its first token
   */
  public Waiting sent(
      RequestClass requestClass, double costTokens, double promptTokens, long time) {
    at(time);
    boolean placed = live && room > 0;
    room -= placed ? 1 : 0;
    Waiting request =
        new Waiting(
            requestClass, placed ? Math.min(promptTokens, costTokens) : costTokens, costTokens);
    LaneView lane = lanes.get(requestClass);
    lane.sent(request);
    queued[lane.index()] += request.costTokens;
    served.begun(now);
    return request;
  }

  /** Its record is in its lane. */
  public void acked(Waiting request, int partition, long offset) {
    LaneView lane = lanes.get(request.requestClass);
    add(lane, lane.acked(partition, offset, 1));
    lane.acked(request, partition, offset);
  }

  /** A record that nobody waits for is in its lane. */
  public void acked(RequestClass requestClass, int partition, long offset) {
    LaneView lane = lanes.get(requestClass);
    add(lane, lane.acked(partition, offset, 0));
  }

  private void add(LaneView lane, long records) {
    queued[lane.index()] += records * lane.meanCost();
    room -= records;
  }

  /** The request waits no more: an engine has it, or it will not be run. */
  public void begun(Waiting request, long time) {
    at(time);
    if (!request.begun) {
      request.begun = true;
      lanes.get(request.requestClass).begun(request);
    }
  }

  /** It was served to its end. */
  public void served(Waiting request, long time) {
    end(request, request.servedTokens, time);
  }

  /** It ended otherwise, or nobody waits for it here any more. */
  public void ended(Waiting request, long time) {
    end(request, 0, time);
  }

  private void end(Waiting request, double servedTokens, long time) {
    begun(request, time);
    if (!request.over) {
      request.over = true;
      served.ended(servedTokens, now);
    }
  }

  @Override
  public double queuedTokens(RequestClass requestClass) {
    LaneView lane = lanes.get(requestClass);
    return Math.min(queued[lane.index()], lane.reportedTokens() + lane.sinceTokens());
  }

  /** 0 if nobody has served the pool for longer than the patience. */
  @Override
  public double drainPerSecond() {
    if (!live && now - heardAt > patienceNanos) {
      return 0;
    }
    double known = knownDrain();
    if (known > 0) {
      return known;
    }
    double waiting = 0;
    for (RequestClass each : CLASSES) {
      waiting += queuedTokens(each);
    }
    // Nobody knows how fast it is. What has waited so long will not be served much sooner.
    return waits && waiting > 0 ? waiting / Math.max(1e-9, (now - waitsSince) * 1e-9) : UNMEASURED;
  }

  /** Tokens per second that somebody has seen served; 0 if nobody has. */
  public double knownDrain() {
    return Math.max(reportedDrain, served.perSecond(now));
  }

  /** When the drain rate was told, or now if it is what the ingress sees itself. */
  @Override
  public long measuredNanos() {
    return reportedDrain > served.perSecond(now) ? heardAt : now;
  }

  /** Requests of a class that wait, whoever sent them. */
  public long queuedRequests(RequestClass requestClass) {
    return lanes.get(requestClass).requests();
  }

  /** How far down the brown-out ladder the dispatcher stands that stands highest. */
  public int brownOut() {
    return reports.values().stream().mapToInt(each -> each.load().getBrownOut()).min().orElse(0);
  }

  /** Where a request of this ingress stands; empty if that is not known, or it waits no more. */
  public Optional<QueuePlace> place(Waiting request) {
    return request.begun || !request.isAcked()
        ? Optional.empty()
        : place(request.requestClass, request.partition, request.offset);
  }

  /** Where the request with this record in the lane stands; likewise. */
  public Optional<QueuePlace> place(RequestClass requestClass, int partition, long offset) {
    LaneView lane = lanes.get(requestClass);
    long ahead = lane.ahead(partition, offset);
    if (ahead < 0) {
      return Optional.empty();
    }
    double drain = drainPerSecond();
    double tokens = ahead * lane.meanCost();
    for (RequestClass each : CLASSES) {
      tokens += each.compareTo(requestClass) < 0 ? queuedTokens(each) : 0;
    }
    boolean known = drain > 0 && drain < UNMEASURED;
    return Optional.of(
        new QueuePlace(
            ahead + 1,
            known ? OptionalLong.of(Math.round(tokens / drain * 1e3)) : OptionalLong.empty()));
  }
}
