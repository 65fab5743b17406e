package io.weir.ingress;

import java.io.IOException;
import org.apache.kafka.common.KafkaException;

/** Kafka does not do now what was asked of it; which is to be told from a client that left. */
final class KafkaUnavailable extends Exception {
  private static final long serialVersionUID = 1L;

  private KafkaUnavailable(Throwable cause) {
    super(cause);
  }

  /** Something that Kafka is asked. */
  interface Question<T> {
    T ask() throws IOException, InterruptedException;
  }

  static <T> T asking(Question<T> question) throws KafkaUnavailable, InterruptedException {
    try {
      return question.ask();
    } catch (IOException | KafkaException failure) {
      throw new KafkaUnavailable(failure);
    }
  }
}
