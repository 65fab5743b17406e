package io.weir.routing.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A page in Prometheus' text format. Colons in names count as underscores, as exporters differ in
 * them; buckets of histograms are left out. A counter is found with or without {@code _total}.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Exposition
 *     formats</a>
 */
public final class Exposition {
  private final TreeMap<String, List<Sample>> samples;
  private final int wellFormed;
  private final int malformed;

  Exposition(List<Sample> samples, int wellFormed, int malformed) {
    this.samples =
        samples.stream()
            .collect(Collectors.groupingBy(Sample::name, TreeMap::new, Collectors.toList()));
    this.wellFormed = wellFormed;
    this.malformed = malformed;
  }

  /**
   * Reads a page. Never fails: lines that make no sense are skipped, and what goes beyond any real
   * engine's page is not kept.
   */
  public static Exposition parse(String text) {
    return new ExpositionParser(text).parse();
  }

  /** False for a page that is something else: HTML, JSON, bytes. True for an empty page. */
  public boolean isPlausible() {
    return malformed == 0 || malformed < wellFormed;
  }

  boolean isAnyNamed(String prefix) {
    String first = samples.ceilingKey(prefix);
    return first != null && first.startsWith(prefix);
  }

  /** The samples that have a label with this value, or not at all. */
  Exposition where(String label, String value) {
    List<Sample> kept = new ArrayList<>();
    samples
        .values()
        .forEach(all -> all.stream().filter(s -> s.allows(label, value)).forEach(kept::add));
    return new Exposition(kept, wellFormed, malformed);
  }

  /** Sum over all labels of the first of these names that is there. */
  OptionalDouble sum(String... names) {
    return all(any -> true, names)
        .map(found -> OptionalDouble.of(found.stream().mapToDouble(Sample::value).sum()))
        .orElse(OptionalDouble.empty());
  }

  /** Mean over all labels of the first of these names that is there. */
  OptionalDouble mean(String... names) {
    return all(any -> true, names)
        .map(found -> found.stream().mapToDouble(Sample::value).average())
        .orElse(OptionalDouble.empty());
  }

  /** Sum of a name's samples that have a label with exactly this value. */
  OptionalDouble labelled(String name, String label, String value) {
    return all(sample -> value.equals(sample.labels().get(label)), name)
        .map(found -> OptionalDouble.of(found.stream().mapToDouble(Sample::value).sum()))
        .orElse(OptionalDouble.empty());
  }

  /** Sum and count of the first of these histograms or summaries that is there. */
  Optional<Cumulative> histogram(String... names) {
    for (String name : names) {
      Optional<Cumulative> found = ratio(name + "_sum", name + "_count");
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Two counters that belong together. */
  Optional<Cumulative> ratio(String seconds, String count) {
    OptionalDouble sum = sum(seconds);
    OptionalDouble number = sum(count);
    boolean sane =
        sum.orElse(-1) >= 0
            && number.orElse(-1) >= 0
            && Double.isFinite(sum.getAsDouble())
            && Double.isFinite(number.getAsDouble());
    return sane
        ? Optional.of(new Cumulative(sum.getAsDouble(), number.getAsDouble()))
        : Optional.empty();
  }

  private Optional<List<Sample>> all(Predicate<Sample> wanted, String... names) {
    for (String name : names) {
      for (String spelling : List.of(name, name + "_total")) {
        List<Sample> found =
            samples.getOrDefault(spelling, List.of()).stream().filter(wanted).toList();
        if (!found.isEmpty()) {
          return Optional.of(found);
        }
      }
    }
    return Optional.empty();
  }
}
