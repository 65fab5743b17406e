package io.weir.routing.fleet;

import io.weir.routing.config.ConfigException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Distances that are not the built-in ones.
 *
 * @param links at most one for each way
 */
public record GeographyConfig(List<RegionLink> links) {
  public GeographyConfig {
    links = List.copyOf(links);
    Set<List<String>> seen = new HashSet<>();
    for (int i = 0; i < links.size(); i++) {
      if (!seen.add(List.of(links.get(i).from(), links.get(i).to()))) {
        throw new ConfigException(
            "links[" + i + "]",
            "the way from " + links.get(i).from() + " to " + links.get(i).to() + " is given twice");
      }
    }
  }

  /** The link between two regions, whichever way round it was given. */
  Optional<RegionLink> between(String from, String to) {
    return find(from, to).or(() -> find(to, from));
  }

  private Optional<RegionLink> find(String from, String to) {
    return links.stream()
        .filter(link -> link.from().equals(from) && link.to().equals(to))
        .findFirst();
  }
}
