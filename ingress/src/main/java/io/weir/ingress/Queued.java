package io.weir.ingress;

import io.weir.routing.admission.QueuePlace;
import java.util.Optional;

/**
 * A request that waits.
 *
 * @param waitedMillis for how long
 * @param place where it stands, as far as that is known
 */
record Queued(long waitedMillis, Optional<QueuePlace> place) {
  /** As a comment between server-sent events. */
  String comment() {
    StringBuilder text = new StringBuilder(64).append(": queued");
    if (place.isPresent()) {
      text.append(" position=").append(place.get().position());
      place.get().etaMillis().ifPresent(millis -> text.append(" eta-ms=").append(millis));
    }
    return text.append(" waited-ms=").append(waitedMillis).append("\n\n").toString();
  }
}
