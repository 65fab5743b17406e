package io.weir.launcher.bench;

import io.weir.launcher.bench.RateProfile.Burst;
import io.weir.launcher.cli.Durations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** What can be said to {@code weir bench} about who sends and how senders behave. */
final class MixOptions {
  private static final Set<String> CLASSES = Set.of("priority", "standard", "flex", "batch");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--classes",
      paramLabel = "NAME=SHARE,…",
      description =
          "Shares of the requests by class, sent as service_tier: priority=5,standard=55,flex=30,"
              + "batch=10.")
  Optional<String> classes = Optional.empty();

  @Option(
      names = "--tenants",
      paramLabel = "NAME=SHARE,…",
      description = "Shares of the requests by tenant, such as a=40,b=60; each needs its key.")
  Optional<String> tenants = Optional.empty();

  @Option(
      names = "--tenant-key",
      paramLabel = "NAME=KEY",
      description = "A tenant's API key; may be given for each.")
  List<String> tenantKeys = List.of();

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "Tenants' API keys, a line NAME=KEY each.")
  Optional<Path> keyFile = Optional.empty();

  @Option(
      names = "--retry-after",
      arity = "0..1",
      fallbackValue = "5",
      paramLabel = "TRIES",
      description =
          "Refused requests are sent again when Retry-After says so, this many times in all"
              + " (without a number: ${FALLBACK-VALUE}). Times count from the try that is answered.")
  Optional<Integer> tries = Optional.empty();

  @Option(
      names = "--burst",
      paramLabel = "CALM,FACTOR,LENGTH",
      description =
          "Multiplies --rate by FACTOR for LENGTH after each CALM, such as 30s,1.3,30s; not with"
              + " --trace or --clients.")
  Optional<String> burst = Optional.empty();

  /** How the run is made, as far as something was said here. */
  Map<String, String> about() {
    Map<String, String> about = new LinkedHashMap<>();
    classes.ifPresent(shares -> about.put("classes", "classes " + shares));
    tenants.ifPresent(shares -> about.put("tenants", "tenants " + shares));
    burst.ifPresent(turns -> about.put("burst", "bursts " + turns));
    tries.ifPresent(most -> about.put("retry-after", "at most " + most + " tries"));
    return about;
  }

  Waiting waiting() {
    int most = tries.orElse(1);
    require(most >= 1, "--retry-after must be at least 1");
    return new Waiting(most);
  }

  Optional<Burst> bursts() {
    return burst.map(read("--burst", text -> Burst.of(text, new Durations()::convert)));
  }

  Mix mix(long seed) throws IOException {
    Optional<Shares> byClass = classes.map(read("--classes", Shares::of));
    for (String name : byClass.map(shares -> shares.weights().keySet()).orElse(Set.of())) {
      require(
          CLASSES.contains(name),
          "--classes: there is no class '" + name + "'; there are priority, standard, flex, batch");
    }
    Optional<Shares> byTenant = tenants.map(read("--tenants", Shares::of));
    Map<String, String> keys = keys();
    for (String name : byTenant.map(shares -> shares.weights().keySet()).orElse(Set.of())) {
      require(
          keys.containsKey(name),
          "--tenants: there is no key of '%s', and keys tell tenants apart; give --tenant-key %s=KEY or a line %s=KEY in --key-file"
              .formatted(name, name, name));
    }
    return new Mix(byClass, byTenant, keys, seed);
  }

  private Map<String, String> keys() throws IOException {
    Map<String, String> keys = new HashMap<>();
    if (keyFile.isPresent()) {
      Path file = keyFile.get();
      require(Files.isReadable(file), "--key-file: " + file + " cannot be read");
      int number = 0;
      for (String line : Files.readAllLines(file)) {
        number++;
        if (!line.isBlank() && !line.startsWith("#")) {
          add(keys, line, "--key-file: " + file + ":" + number);
        }
      }
    }
    for (String given : tenantKeys) {
      add(keys, given, "--tenant-key");
    }
    return keys;
  }

  /** What is wrong must not repeat the key. */
  private void add(Map<String, String> keys, String given, String where) {
    int equals = given.indexOf('=');
    require(
        equals > 0 && equals < given.length() - 1,
        where + ": needs a tenant's name, = and its key");
    keys.put(given.substring(0, equals).strip(), given.substring(equals + 1).strip());
  }

  private <T> Function<String, T> read(String option, Function<String, T> reading) {
    return text -> {
      try {
        return reading.apply(text);
      } catch (IllegalArgumentException | TypeConversionException e) {
        throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage(), e);
      }
    };
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }
}
