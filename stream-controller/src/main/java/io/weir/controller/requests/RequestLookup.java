package io.weir.controller.requests;

import io.weir.schemas.RequestState;
import java.util.List;

/** What one instance can say of a request by itself. */
public sealed interface RequestLookup {
  /** Its state, as far as this instance has read. */
  record Found(RequestState state) implements RequestLookup {}

  /** This instance has read what there is, and there is no such request. */
  record Unknown() implements RequestLookup {}

  /** There was such a request, or none, but it is too long ago. */
  record Forgotten() implements RequestLookup {}

  /**
   * Others know.
   *
   * @param hosts {@code host:port}, the one that knows best first; this instance is not among them
   */
  record Elsewhere(List<String> hosts) implements RequestLookup {
    public Elsewhere {
      hosts = List.copyOf(hosts);
    }
  }

  /** Nobody knows at the moment: states are being read or handed over. */
  record NotYet() implements RequestLookup {}
}
