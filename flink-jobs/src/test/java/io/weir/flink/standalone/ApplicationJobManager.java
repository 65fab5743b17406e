package io.weir.flink.standalone;

import java.io.File;
import java.util.Arrays;
import org.apache.flink.client.deployment.application.ApplicationClusterEntryPoint;
import org.apache.flink.client.program.DefaultPackagedProgramRetriever;
import org.apache.flink.client.program.PackagedProgram;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.runtime.entrypoint.ClusterEntrypoint;
import org.apache.flink.runtime.resourcemanager.StandaloneResourceManagerFactory;

/**
 * What the distribution's {@code standalone-job.sh} starts: a JobManager that runs the main class
 * of the jar it finds in {@code usrlib}. Flink's own class for it is in its distribution only.
 */
// Flink's own close() is declared to throw anything.
@SuppressWarnings("try")
public final class ApplicationJobManager extends ApplicationClusterEntryPoint {
  private ApplicationJobManager(Configuration configuration, PackagedProgram program) {
    super(configuration, program, StandaloneResourceManagerFactory.getInstance());
  }

  /**
   * Runs until the job has ended.
   *
   * @param args the configuration's folder, {@code usrlib}, then the program's own
   */
  public static void main(String[] args) throws Exception {
    Configuration configuration = GlobalConfiguration.loadConfiguration(args[0]);
    PackagedProgram program =
        DefaultPackagedProgramRetriever.create(
                new File(args[1]), null, Arrays.copyOfRange(args, 2, args.length), configuration)
            .getPackagedProgram();
    configureExecution(configuration, program);
    ClusterEntrypoint.runClusterEntrypoint(new ApplicationJobManager(configuration, program));
  }
}
