package io.weir.routing.admission;

import io.weir.schemas.LaneLoad;
import io.weir.schemas.LanePosition;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What one ingress knows of one lane: how far each partition is written and read, and which of its
 * own requests no dispatcher has told of. Between two records of its own in a partition lie those
 * of other ingresses, which is how they are seen before a dispatcher tells. Not safe for use by
 * several threads.
 */
final class LaneView {
  /** Stands for the dispatcher of a partition that nobody has. */
  static final String NOBODY = "";

  private static final double MEAN_GAIN = 0.05;

  private static final class Partition {
    String owner = NOBODY;

    /** True once a dispatcher has told of it. */
    boolean told;

    long position;
    long end;

    /** After the last record that this ingress wrote there. */
    long written;

    /** Records of others, or that nobody waits for, between what was told and what was written. */
    long others;

    long unread() {
      return Math.max(0, end - position);
    }
  }

  private final int index;
  private final Map<Integer, Partition> partitions = new HashMap<>();
  private final Map<String, LaneLoad> loads = new HashMap<>();
  private final Set<Waiting> unreported = new LinkedHashSet<>();
  private double reportedTokens;
  private long others;
  private double unreportedTokens;
  private double begunTokens;
  private double reportedMean;
  private double ownMean;

  /**
   * @param index of its class, from the highest
   */
  LaneView(int index) {
    this.index = index;
  }

  int index() {
    return index;
  }

  /** A dispatcher tells what it has of the lane. */
  void report(String dispatcher, LaneLoad load) {
    loads.put(dispatcher, load);
    if (load.getMeanCost() > 0) {
      reportedMean = load.getMeanCost();
    }
    for (LanePosition told : load.getPartitions()) {
      Partition partition =
          partitions.computeIfAbsent(told.getPartition(), absent -> new Partition());
      partition.owner = dispatcher;
      partition.told = true;
      partition.position = told.getPosition();
      partition.end = Math.max(told.getEnd(), told.getPosition());
      partition.others = Math.max(0, Math.min(partition.others, partition.written - partition.end));
    }
    unreported.removeIf(this::isReported);
    begunTokens = 0;
    sumUp();
  }

  /** What a dispatcher had taken is not known any more. */
  void clear(String dispatcher) {
    loads.remove(dispatcher);
    sumUp();
  }

  private boolean isReported(Waiting request) {
    boolean reported = request.isAcked() && request.offset < partitions.get(request.partition).end;
    request.unreported &= !reported;
    return reported;
  }

  private void sumUp() {
    // Summed anew, lest the errors of many additions add up.
    unreportedTokens = 0;
    for (Waiting each : unreported) {
      unreportedTokens += each.costTokens;
    }
    reportedTokens = 0;
    for (LaneLoad each : loads.values()) {
      reportedTokens += each.getReadyTokens();
    }
    others = 0;
    for (Partition each : partitions.values()) {
      reportedTokens += each.unread() * meanCost();
      others += each.others;
    }
  }

  /** A dispatcher is gone, and another will take its partitions. */
  void forget(String dispatcher) {
    loads.remove(dispatcher);
    for (Partition each : partitions.values()) {
      if (each.owner.equals(dispatcher)) {
        each.owner = NOBODY;
      }
    }
    sumUp();
  }

  void sent(Waiting request) {
    unreported.add(request);
    unreportedTokens += request.costTokens;
    ownMean += ownMean == 0 ? request.servedTokens : MEAN_GAIN * (request.servedTokens - ownMean);
  }

  /**
   * A record of this ingress is in the lane.
   *
   * @param waited 1 if it is one of those that were {@link #sent}, else 0
   * @return how many records of others became known by it
   */
  long acked(int number, long offset, int waited) {
    Partition partition = partitions.get(number);
    if (partition == null) {
      // What lies before it is not known to wait.
      partition = new Partition();
      partition.position = offset;
      partition.end = offset;
      partitions.put(number, partition);
    }
    long known = Math.max(partition.written, partition.end);
    if (offset < known) {
      return 0;
    }
    long more = offset + 1 - known - waited;
    partition.others += more;
    others += more;
    partition.written = offset + 1;
    return more;
  }

  void acked(Waiting request, int number, long offset) {
    request.partition = number;
    request.offset = offset;
    if (request.unreported && isReported(request)) {
      unreported.remove(request);
      unreportedTokens = Math.max(0, unreportedTokens - request.costTokens);
    }
  }

  /** It waits no more. */
  void begun(Waiting request) {
    if (request.unreported) {
      request.unreported = false;
      unreported.remove(request);
      unreportedTokens = Math.max(0, unreportedTokens - request.costTokens);
      begunTokens += request.costTokens;
    }
  }

  /** Tokens of a request of the lane, 0 if none was seen. */
  double meanCost() {
    return reportedMean > 0 ? reportedMean : ownMean;
  }

  /** Tokens that waited when the dispatchers last told. */
  double reportedTokens() {
    return reportedTokens;
  }

  /**
   * The most that can have come since and not have been begun: the ingress's own, and of the
   * others' the same part.
   */
  double sinceTokens() {
    double own = unreportedTokens + begunTokens;
    double part = own > 0 ? unreportedTokens / own : 1;
    return unreportedTokens + others * meanCost() * part;
  }

  /** Adds to each dispatcher's tokens what it has of this lane, or will get. */
  void addTo(Map<String, double[]> tokens) {
    loads.forEach((owner, load) -> add(tokens, owner, load.getReadyTokens()));
    for (Partition each : partitions.values()) {
      add(tokens, each.owner, (each.unread() + each.others) * meanCost());
    }
    for (Waiting each : unreported) {
      Partition partition = each.isAcked() ? partitions.get(each.partition) : null;
      add(tokens, partition == null ? NOBODY : partition.owner, each.costTokens);
    }
  }

  private void add(Map<String, double[]> tokens, String owner, double more) {
    double[] sums = tokens.get(owner);
    if (sums == null) {
      sums = tokens.get(NOBODY);
    }
    sums[index] += more;
  }

  /** Requests that will take places at engines: those that wait, and those on their way. */
  long toCome() {
    return requests() + unreported.stream().filter(each -> !each.isAcked()).count();
  }

  /** Requests that wait for an engine, as far as is known. */
  long requests() {
    return ready() + unreadTo(Long.MAX_VALUE, Long.MAX_VALUE);
  }

  private long ready() {
    long ready = 0;
    for (LaneLoad each : loads.values()) {
      ready += each.getReady();
    }
    return ready;
  }

  private long unreadTo(long part, long whole) {
    long unread = 0;
    for (Partition each : partitions.values()) {
      unread += Math.max(0, Math.max(each.end, each.written) - each.position);
    }
    return part == whole ? unread : Math.round((double) unread * part / whole);
  }

  /**
   * How many requests of the lane are before one, as if all partitions had been written evenly; -1
   * if it does not wait or is not known. Of those that a dispatcher has taken, the order is its
   * own: all count.
   */
  long ahead(int number, long offset) {
    Partition partition = partitions.get(number);
    if (partition == null || !partition.told) {
      return -1;
    }
    if (offset < partition.position) {
      return ready() - 1;
    }
    long written = Math.max(partition.end, partition.written);
    long unread = Math.max(offset + 1, written) - partition.position;
    return ready() + unreadTo(offset - partition.position, unread);
  }
}
