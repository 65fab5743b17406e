package io.weir.ingress.reply;

/** How a request's record fared on its way into Kafka. */
public sealed interface Produced {
  /** Not known yet. */
  record Pending() implements Produced {}

  /** It is durable. */
  record Acked() implements Produced {}

  /** It was not sent, and so is not there. */
  record NotSent(Exception cause) implements Produced {}

  /** It may or may not be there. */
  record Failed(Exception cause) implements Produced {}
}
