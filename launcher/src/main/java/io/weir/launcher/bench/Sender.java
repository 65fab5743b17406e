package io.weir.launcher.bench;

import java.util.Optional;

/**
 * For whom a request is sent.
 *
 * @param requestClass class it asks for; empty to leave it to the server
 * @param tenant whose it is, if several send
 * @param key its tenant's key, in place of the run's
 */
record Sender(Optional<String> requestClass, Optional<String> tenant, Optional<String> key) {
  /** Nobody in particular. */
  static final Sender ANYONE = new Sender(Optional.empty(), Optional.empty(), Optional.empty());
}
