package io.weir.routing.replay;

import io.weir.routing.targets.ClassTargets;
import io.weir.schemas.RequestClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Gives the requests of a trace what traces lack: classes and tenants, drawn independently of each
 * other and of lengths.
 *
 * @param parts of the requests in each class, summing to 1
 * @param values of one request within its targets, of each class
 * @param targets of each class; the time to first token is also the deadline
 * @param tenants how many; at least 2
 * @param largest part of the requests that one of them sends; the others send alike
 */
public record OverloadMix(
    Map<RequestClass, Double> parts,
    Map<RequestClass, Double> values,
    ClassTargets targets,
    int tenants,
    double largest) {
  public OverloadMix {
    parts = Map.copyOf(parts);
    values = Map.copyOf(values);
    double sum = parts.values().stream().mapToDouble(Double::doubleValue).sum();
    if (Math.abs(sum - 1) > 1e-9 || !parts.values().stream().allMatch(part -> part >= 0)) {
      throw new IllegalArgumentException("the classes' parts must sum to 1, not " + sum);
    }
    if (!values.values().stream().allMatch(value -> value >= 0)) {
      throw new IllegalArgumentException("values must not be negative: " + values);
    }
    if (tenants < 2 || !(largest >= 0 && largest <= 1)) {
      throw new IllegalArgumentException(
          "there are at least two tenants, of which one sends 0 to 1 of the requests, not "
              + tenants
              + " and "
              + largest);
    }
  }

  /**
   * 10, 50, 30 and 10 % of the requests; first tokens in 2, 2, 10 and 60 s, each next one in 100
   * ms; one of ten tenants sends 40 %.
   *
   * @param values of a request within its targets, highest class first
   */
  public static OverloadMix usual(List<Double> values) {
    return new OverloadMix(
        byClass(List.of(0.1, 0.5, 0.3, 0.1)),
        byClass(values),
        new ClassTargets(
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofMillis(100)),
        10,
        0.4);
  }

  private static Map<RequestClass, Double> byClass(List<Double> numbers) {
    if (numbers.size() != RequestClass.values().length) {
      throw new IllegalArgumentException(
          "there are " + RequestClass.values().length + " classes, not " + numbers.size());
    }
    Map<RequestClass, Double> byClass = new EnumMap<>(RequestClass.class);
    Iterator<Double> next = numbers.iterator();
    for (RequestClass each : RequestClass.values()) {
      byClass.put(each, next.next());
    }
    return byClass;
  }

  List<OverloadRequest> assign(Trace trace, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<OverloadRequest> requests = new ArrayList<>(trace.requests().size());
    for (TraceRequest traced : trace.requests()) {
      RequestClass requestClass = requestClass(random.nextDouble());
      int tenant = random.nextDouble() < largest ? 0 : 1 + random.nextInt(tenants - 1);
      requests.add(
          new OverloadRequest(
              requests.size(),
              traced,
              requestClass,
              "tenant-" + tenant,
              traced.arrivalNanos() + targets.ttft(requestClass).toNanos()));
    }
    return requests;
  }

  private RequestClass requestClass(double draw) {
    double sum = 0;
    for (RequestClass each : RequestClass.values()) {
      sum += parts.getOrDefault(each, 0.0);
      if (draw < sum) {
        return each;
      }
    }
    return RequestClass.BATCH;
  }
}
