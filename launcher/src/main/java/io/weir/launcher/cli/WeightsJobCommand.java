package io.weir.launcher.cli;

import io.weir.flink.EmbeddedWeightsJob;
import io.weir.launcher.config.WeirConfig;
import io.weir.launcher.role.Infrastructure;
import io.weir.launcher.role.LaunchException;
import io.weir.launcher.role.Roles;
import io.weir.launcher.role.WeightsJob;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weir weights-job}. */
@Command(
    name = "weights-job",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Runs the job that plans weights, in a Flink inside this process.",
      "On a Flink cluster of yours the same job runs from its jar; docs/weights.md says how.",
      "Without a kafka section it uses the broker that weir broker or weir up runs here."
    })
public final class WeightsJobCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private Shared shared = new Shared();

  @Override
  public Integer call() {
    Logging.toStandardError();
    WeirConfig config = shared.config();
    if (!WeightsJob.isNeeded(config)) {
      throw new LaunchException(
          "Every pool of the configuration has static weights, so there is nothing to plan. Set"
              + " 'weights: flink' on one.");
    }
    EmbeddedWeightsJob job =
        Roles.weightsJobAlone(config, Infrastructure.elsewhere(config, shared.ports()));
    PrintWriter out = spec.commandLine().getOut();
    out.println("Ready: weights job");
    out.flush();
    return new Until().stopped(job, out);
  }
}
