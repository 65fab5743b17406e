package io.weir.controller.callbacks;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A range of addresses (RFC 4632, RFC 4291): those that agree in their first bits. */
record Network(InetAddress address, int bits) {
  private static final Pattern CIDR = Pattern.compile("([0-9a-fA-F:.]+)/([0-9]{1,3})");

  /** A network as {@code 10.1.0.0/16} or {@code fd00::/8}; empty if it is none. */
  static Optional<Network> parse(String text) {
    Matcher parts = CIDR.matcher(text.strip());
    if (!parts.matches()) {
      return Optional.empty();
    }
    try {
      // Only digits, colons and dots: this looks nothing up.
      InetAddress address = InetAddress.getByName(parts.group(1));
      int bits = Integer.parseInt(parts.group(2));
      return bits <= address.getAddress().length * Byte.SIZE
          ? Optional.of(new Network(address, bits))
          : Optional.empty();
    } catch (UnknownHostException malformed) {
      return Optional.empty();
    }
  }

  boolean contains(InetAddress other) {
    byte[] ours = address.getAddress();
    byte[] theirs = other.getAddress();
    if (ours.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % Byte.SIZE);
      if (((ours[bit / Byte.SIZE] ^ theirs[bit / Byte.SIZE]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }
}
