package io.weir.launcher.replay;

import io.weir.routing.replay.OverloadMix;
import io.weir.routing.replay.OverloadPolicy;
import io.weir.routing.replay.OverloadScenario;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What can be said to {@code weir replay} of overload. */
final class OverloadOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--load",
      split = ",",
      paramLabel = "FACTOR",
      description =
          "Overload instead: plays the first trace at these parts of the fleet's capacity, its"
              + " requests spread over four classes and ten tenants, under policies that decide"
              + " who is served.")
  List<Double> loads = List.of();

  @Option(
      names = "--overload-policies",
      split = ",",
      paramLabel = "POLICY",
      converter = OverloadPolicyNames.class,
      completionCandidates = OverloadPolicyNames.class,
      description = "Some of: ${COMPLETION-CANDIDATES} (default: all).")
  List<OverloadPolicy> policies = Arrays.asList(OverloadPolicy.values());

  @Option(
      names = "--values",
      split = ",",
      paramLabel = "VALUE",
      defaultValue = "8,4,2,1",
      description =
          "Worth of a request of priority, standard, flex and batch that meets its targets"
              + " (default: ${DEFAULT-VALUE}).")
  List<Double> values;

  boolean asked() {
    return !loads.isEmpty();
  }

  /**
   * What is to be replayed.
   *
   * @param options of any replay, for the fleet, the trace and the seed
   * @throws IOException if the trace cannot be read
   */
  OverloadScenario scenario(ReplayOptions options) throws IOException {
    try {
      require(loads.stream().allMatch(load -> load > 0), "--load takes positive numbers");
      require(
          options.rate.isEmpty() && options.speed.isEmpty(),
          "--load sets the rate: leave out --rate and --speed");
      require(
          options.slow.isEmpty() && options.svg.isEmpty(), "--load goes without --slow and --svg");
      require(options.regions.size() == 1, "--load takes one region");
      return new OverloadScenario(
          options.fleet(), options.trace(0), OverloadMix.usual(values), options.seed);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
