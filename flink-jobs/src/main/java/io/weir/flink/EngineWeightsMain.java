package io.weir.flink;

import io.weir.flink.kafka.KafkaWeights;
import java.time.Clock;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The job as a jar for a Flink cluster: {@code flink run}, or an application cluster's main class.
 */
public final class EngineWeightsMain {
  private EngineWeightsMain() {}

  /**
   * Builds the job over Kafka and runs it in the environment that Flink provides.
   *
   * @param args {@code --kafka.bootstrap.servers}, {@code --kafka.schema.registry.url}, {@code
   *     --weights.sources.NAME REGION} for every source, and any other key; or {@code --config
   *     FILE}
   * @throws Exception if the arguments cannot be used or the job fails
   */
  public static void main(String[] args) throws Exception {
    JobArguments arguments = JobArguments.parse(args);
    KafkaWeights kafka = new KafkaWeights(arguments.kafka(), Clock.systemUTC());
    StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
    new EngineWeightsJob(
            kafka.sources(arguments.job().replay()), kafka.sinks(), kafka.epochs(), arguments.job())
        .build(environment);
    environment.execute("weir-weights");
  }
}
