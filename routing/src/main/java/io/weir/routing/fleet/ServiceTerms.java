package io.weir.routing.fleet;

import io.weir.routing.config.Configs;
import io.weir.routing.cost.CostPolicy;
import io.weir.routing.targets.ClassTargets;

/**
 * What is promised to each class and what requests cost, the same for whoever lets requests in and
 * whoever runs them.
 */
public record ServiceTerms(ClassTargets targets, CostPolicy cost) {
  /** With the defaults of both. */
  public static final ServiceTerms DEFAULT = Configs.defaults(ServiceTerms.class);
}
