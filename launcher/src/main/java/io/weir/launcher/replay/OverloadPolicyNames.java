package io.weir.launcher.replay;

import io.weir.routing.replay.OverloadPolicy;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Overload policies on the command line. */
final class OverloadPolicyNames implements ITypeConverter<OverloadPolicy>, Iterable<String> {
  private static final List<OverloadPolicy> ALL = Arrays.asList(OverloadPolicy.values());

  @Override
  public OverloadPolicy convert(String name) {
    return ALL.stream()
        .filter(policy -> policy.label().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "no overload policy is named '"
                        + name
                        + "'; there are "
                        + String.join(", ", ALL.stream().map(OverloadPolicy::label).toList())));
  }

  @Override
  public Iterator<String> iterator() {
    return ALL.stream().map(OverloadPolicy::label).iterator();
  }
}
