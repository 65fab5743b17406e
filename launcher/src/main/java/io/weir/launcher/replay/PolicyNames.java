package io.weir.launcher.replay;

import io.weir.routing.replay.ReplayPolicy;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Policies on the command line. */
final class PolicyNames implements ITypeConverter<ReplayPolicy>, Iterable<String> {
  private static final List<ReplayPolicy> ALL = Arrays.asList(ReplayPolicy.values());

  @Override
  public ReplayPolicy convert(String name) {
    return ALL.stream()
        .filter(policy -> policy.label().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "no policy is named '"
                        + name
                        + "'; there are "
                        + String.join(", ", ALL.stream().map(ReplayPolicy::label).toList())));
  }

  @Override
  public Iterator<String> iterator() {
    return ALL.stream().map(ReplayPolicy::label).iterator();
  }
}
