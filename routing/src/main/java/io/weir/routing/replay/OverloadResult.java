package io.weir.routing.replay;

import io.weir.schemas.RequestClass;
import java.util.List;

/**
 * What one overload policy made of a trace at one load.
 *
 * @param load offered, as a part of the fleet's capacity
 * @param value part of the offered value whose requests met their targets, 0 to 1
 * @param wasted part of the engines' work that went into requests that did not, 0 to 1
 * @param seconds virtual time to the last arrival
 */
public record OverloadResult(
    OverloadPolicy policy,
    double load,
    double value,
    double wasted,
    double seconds,
    List<ClassOutcome> classes,
    List<TenantOutcome> tenants) {
  /**
   * One class.
   *
   * @param met part of the requests that met their targets, 0 to 1
   * @param shed part turned away on arrival
   * @param dropped part dropped after waiting
   * @param ttft of those answered
   */
  public record ClassOutcome(
      RequestClass requestClass,
      int requests,
      double met,
      double shed,
      double dropped,
      Quantiles ttft) {}

  /**
   * One tenant.
   *
   * @param offered its part of the tokens of all requests
   * @param served its part of the tokens of those answered
   * @param met part of its requests that met their targets
   */
  public record TenantOutcome(String tenant, double offered, double served, double met) {}

  public OverloadResult {
    classes = List.copyOf(classes);
    tenants = List.copyOf(tenants);
  }

  /** The outcome of a class. */
  public ClassOutcome outcome(RequestClass requestClass) {
    return classes.stream()
        .filter(each -> each.requestClass() == requestClass)
        .findFirst()
        .orElseThrow();
  }
}
