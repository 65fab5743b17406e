package io.weir.flink;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.ConfigNode;
import io.weir.routing.config.ConfigNode.Mapping;
import io.weir.routing.config.ConfigNode.Scalar;
import io.weir.routing.config.Configs;
import io.weir.schemas.KafkaSettings;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The job's command line: {@code --config FILE} names a properties file, every other {@code --key
 * value} is a property and wins over the file's. Properties below {@code kafka.} go to Kafka's
 * clients, those below {@code weights.} are the keys of {@link WeightsJobConfig}, nested ones with
 * dots: {@code --weights.plan.interval 1s --weights.sources.eu europe-west4}.
 *
 * @param kafka how to reach Kafka
 * @param job how to run
 */
record JobArguments(KafkaSettings kafka, WeightsJobConfig job) {
  private static final String KAFKA = "kafka.";
  private static final String WEIGHTS = "weights.";

  /**
   * Reads a command line.
   *
   * @throws ConfigException if something is missing, unknown or cannot be used
   * @throws IOException if the file cannot be read
   */
  static JobArguments parse(String... args) throws IOException {
    Map<String, String> given = new LinkedHashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      if (!args[i].startsWith("--") || i + 1 == args.length) {
        throw new ConfigException(args[i], "arguments come in pairs: --key value");
      }
      given.put(args[i].substring(2), args[i + 1]);
    }
    Map<String, String> all = new TreeMap<>();
    String file = given.remove("config");
    if (file != null) {
      Properties properties = new Properties();
      try (Reader reader = Files.newBufferedReader(Path.of(file), StandardCharsets.UTF_8)) {
        properties.load(reader);
      }
      properties.stringPropertyNames().forEach(key -> all.put(key, properties.getProperty(key)));
    }
    all.putAll(given);
    return of(all);
  }

  private static JobArguments of(Map<String, String> properties) {
    Map<String, String> kafka = new TreeMap<>();
    Map<String, String> job = new TreeMap<>();
    properties.forEach(
        (key, value) -> {
          if (key.startsWith(KAFKA)) {
            kafka.put(key.substring(KAFKA.length()), value);
          } else if (key.startsWith(WEIGHTS)) {
            job.put(key.substring(WEIGHTS.length()), value);
          } else {
            throw new ConfigException(key, "unknown key; keys begin with kafka. or weights.");
          }
        });
    return new JobArguments(
        new KafkaSettings(kafka), Configs.bind(WeightsJobConfig.class, tree(job)));
  }

  /** "plan.demand.half-life" lies two levels down. */
  private static Mapping tree(Map<String, String> flat) {
    Map<String, ConfigNode> entries = new LinkedHashMap<>();
    Map<String, Map<String, String>> nested = new LinkedHashMap<>();
    flat.forEach(
        (key, value) -> {
          int dot = key.indexOf('.');
          if (dot < 0) {
            entries.put(key, new Scalar(value, 0));
          } else {
            nested
                .computeIfAbsent(key.substring(0, dot), name -> new LinkedHashMap<>())
                .put(key.substring(dot + 1), value);
          }
        });
    nested.forEach((key, below) -> entries.put(key, tree(below)));
    return new Mapping(entries, 0);
  }
}
