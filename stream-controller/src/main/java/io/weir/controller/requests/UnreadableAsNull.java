package io.weir.controller.requests;

import io.weir.schemas.SchemaRegistryException;
import io.weir.schemas.UnknownSchemaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a record that does not follow its schema pass as one without a value, so that its place in
 * the log is passed too: one bad record must not hold up all that come after it.
 */
final class UnreadableAsNull<T> implements Deserializer<T> {
  private static final Logger LOG = LoggerFactory.getLogger(UnreadableAsNull.class);

  private final Deserializer<T> inner;

  UnreadableAsNull(Deserializer<T> inner) {
    this.inner = inner;
  }

  @Override
  public T deserialize(String topic, byte[] data) {
    try {
      return inner.deserialize(topic, data);
    } catch (SerializationException unreadable) {
      if (unreadable.getCause() instanceof SchemaRegistryException
          && !(unreadable.getCause() instanceof UnknownSchemaException)) {
        // The registry does not answer: that is no fault of the record.
        throw unreadable;
      }
      LOG.warn("record_skipped topic={} cause={}", topic, unreadable.getMessage());
      return null;
    }
  }

  @Override
  public T deserialize(String topic, Headers headers, byte[] data) {
    return deserialize(topic, data);
  }

  @Override
  public void close() {
    inner.close();
  }
}
