package io.weir.ingress.leave;

import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What ingresses tell each other of a request's clients. A marker is a record without a value
 * beside the idempotency keys: compaction takes it away. All markers of a request are in one
 * partition, and so in order.
 *
 * @param event what happened
 * @param instance the ingress it happened at
 * @param requestId of which request
 */
public record Marker(Event event, String instance, String requestId) {
  /** What may happen. */
  public enum Event {
    /** A client came back for the answer, or said that it still is there. */
    ATTACHED,
    /** A client left, and the ingress knows of no other. */
    LEFT
  }

  private static final char SEPARATOR = '/';

  /** The marker a key stands for; empty if it is none. */
  public static Optional<Marker> of(String key) {
    String[] parts = key.split(String.valueOf(SEPARATOR), 3);
    if (parts.length < 3) {
      return Optional.empty();
    }
    return switch (parts[0]) {
      case "attached" -> Optional.of(new Marker(Event.ATTACHED, parts[2], parts[1]));
      case "left" -> Optional.of(new Marker(Event.LEFT, parts[2], parts[1]));
      default -> Optional.empty();
    };
  }

  /**
   * Its record.
   *
   * @param partitions of the topic
   */
  ProducerRecord<String, SpecificRecord> record(String topic, int partitions) {
    String word = event == Event.ATTACHED ? "attached" : "left";
    return new ProducerRecord<>(
        topic,
        Math.floorMod(requestId.hashCode(), partitions),
        word + SEPARATOR + requestId + SEPARATOR + instance,
        null);
  }
}
