package io.weir.controller.callbacks;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where results may be posted, so that a client cannot make Weir call what only Weir reaches. */
final class CallbackPolicy {
  private final List<String> hosts;
  private final List<Network> networks;

  CallbackPolicy(List<String> hosts, List<String> networks) {
    this.hosts = hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
    this.networks = networks.stream().flatMap(text -> Network.parse(text).stream()).toList();
  }

  /** Why nothing may be posted to a URL; empty if it may. */
  Optional<String> refusal(URI url) {
    if (url.getHost() == null || !List.of("https", "http").contains(url.getScheme())) {
      return Optional.of("it is no http or https URL");
    }
    String host = url.getHost().toLowerCase(Locale.ROOT);
    boolean allowed =
        hosts.stream()
            .anyMatch(
                each ->
                    each.startsWith("*.") ? host.endsWith(each.substring(1)) : each.equals(host));
    if (!allowed) {
      return Optional.of("its host is not in controller.callbacks.allow");
    }
    return url.getUserInfo() == null ? Optional.empty() : Optional.of("it has user information");
  }

  /** The address to connect to; empty if one of the host's addresses may not be. */
  Optional<InetAddress> choose(InetAddress[] addresses) {
    return Arrays.stream(addresses).allMatch(this::mayBe)
        ? Arrays.stream(addresses).findFirst()
        : Optional.empty();
  }

  private boolean mayBe(InetAddress address) {
    return isPublic(address) || networks.stream().anyMatch(each -> each.contains(address));
  }

  private static boolean isPublic(InetAddress address) {
    return !address.isAnyLocalAddress()
        && !address.isLoopbackAddress()
        && !address.isLinkLocalAddress()
        && !address.isSiteLocalAddress()
        && !address.isMulticastAddress()
        && !isReserved(address.getAddress(), address);
  }

  /** What the JDK has no name for. */
  private static boolean isReserved(byte[] octets, InetAddress address) {
    int first = octets[0] & 0xff;
    int second = octets[1] & 0xff;
    return switch (address) {
      case Inet4Address v4 ->
          first == 0
              || first >= 240
              // Shared by carriers (RFC 6598), protocol assignments, benchmarks (RFC 2544).
              || (first == 100 && second >= 64 && second < 128)
              || (first == 192 && second == 0 && octets[2] == 0)
              || (first == 198 && (second == 18 || second == 19));
      // Unique local (RFC 4193), and what translates to IPv4 and so could mean any of the above.
      case Inet6Address v6 ->
          (first & 0xfe) == 0xfc
              || (first == 0x00 && second == 0x64)
              || (first == 0x20 && second == 0x02)
              || (first == 0x20 && second == 0x01 && octets[2] == 0 && octets[3] == 0)
              || v6.isIPv4CompatibleAddress();
      default -> true;
    };
  }
}
