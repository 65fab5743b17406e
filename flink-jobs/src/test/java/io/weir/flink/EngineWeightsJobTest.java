package io.weir.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.flink.types.RecordType;
import io.weir.flink.types.TopicEntry;
import io.weir.routing.config.Configs;
import io.weir.schemas.EngineSample;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.GeoLink;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.RoutingWeights;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

/** The graph with generated sources in place of topics. */
class EngineWeightsJobTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What the sinks got, by sink; static, for sinks are copied into tasks. */
  private static final Map<String, Queue<RoutingWeights>> TABLES =
      Map.of("weights", new ConcurrentLinkedQueue<>(), "history", new ConcurrentLinkedQueue<>());

  private record Collecting(String name) implements Sink<RoutingWeights> {
    private static final long serialVersionUID = 1L;

    @Override
    public SinkWriter<RoutingWeights> createWriter(WriterInitContext context) {
      return new SinkWriter<>() {
        @Override
        public void write(RoutingWeights table, Context where) {
          TABLES.get(name).add(table);
        }

        @Override
        public void flush(boolean endOfInput) {
          // Nothing is held back.
        }

        @Override
        public void close() {
          // Nothing is open.
        }
      };
    }
  }

  private static <T> DataGeneratorSource<T> source(
      double perSecond, GeneratorFunction<Long, T> values, TypeInformation<T> type) {
    return new DataGeneratorSource<>(
        values, Long.MAX_VALUE, RateLimiterStrategy.perSecond(perSecond), type);
  }

  private static WeightsSources sources() {
    return new WeightsSources(
        source(
            50,
            i -> Samples.accepted("r" + i, System.currentTimeMillis()),
            RecordType.forClass(LifecycleEvent.class)),
        source(
            4,
            i -> Samples.up(i % 2 == 0 ? "a" : "b", i, System.currentTimeMillis()),
            RecordType.forClass(EngineSample.class)),
        source(
            4,
            i -> {
              String id = i % 2 == 0 ? "a" : "b";
              return TopicEntry.of(id, Samples.engine(id, "llama"));
            },
            TopicEntry.type(EngineSpec.class)),
        source(
            1,
            i -> TopicEntry.of("here|there", Samples.link("here", "there", 80)),
            TopicEntry.type(GeoLink.class)));
  }

  @Test
  void tablesComeOfDemandEnginesAndDistances() throws Exception {
    // Given
    WeightsJobConfig config = Configs.with(WeightsJobConfig.class, Map.of("parallelism", "2"));
    StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
    new EngineWeightsJob(
            sources(),
            new WeightsSinks(new Collecting("weights"), new Collecting("history")),
            () -> 7,
            config)
        .build(environment);
    // When
    JobClient job = environment.executeAsync();
    try {
      // Then the demand of a source that nobody configured is planned for
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  TABLES.get("history").stream()
                      .anyMatch(
                          table ->
                              table.getEngines().size() == 2
                                  && table.getInputs().orElseThrow().getDemand().stream()
                                      .anyMatch(demand -> demand.getPerSecond() > 25)));
      assertThat(TABLES.get("weights"))
          .isNotEmpty()
          .allMatch(table -> table.getInputs().isEmpty())
          .allMatch(table -> table.getEpoch() == 7)
          .allMatch(table -> table.getSource().equals("eu"));
    } finally {
      job.cancel().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }
}
