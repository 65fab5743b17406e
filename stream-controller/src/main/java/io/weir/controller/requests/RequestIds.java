package io.weir.controller.requests;

import com.github.f4b6a3.ulid.Ulid;
import java.time.Instant;
import java.util.Optional;

/** What a request's id says about its age: it is a ULID. */
final class RequestIds {
  private RequestIds() {}

  /** When the request was made by its ingress's clock; empty if the id is no ULID. */
  static Optional<Instant> madeAt(String id) {
    return Ulid.isValid(id) ? Optional.of(Ulid.from(id).getInstant()) : Optional.empty();
  }

  /** The least id of requests made then or later. */
  static String firstOf(Instant time) {
    return Ulid.min(Math.max(0, time.toEpochMilli())).toString();
  }
}
