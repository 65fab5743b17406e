package io.weir.dispatcher;

import io.weir.schemas.InferenceRequest;
import io.weir.schemas.Requeue;
import io.weir.schemas.SchemaRegistryException;
import io.weir.schemas.UnknownSchemaException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Reads requests with the deserializer that is configured, and makes a value of what it cannot
 * read: a consumer whose deserializer throws is stuck at that record.
 */
public final class LaneDeserializer implements Deserializer<LaneRecord> {
  /** Class name of the deserializer that does the reading. */
  static final String DELEGATE = "weir.lane.value.deserializer";

  private Deserializer<?> delegate;

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    try {
      delegate = Utils.newInstance((String) configs.get(DELEGATE), Deserializer.class);
    } catch (ClassNotFoundException missing) {
      throw new IllegalArgumentException(
          "value.deserializer names a class that is not on the class path: "
              + configs.get(DELEGATE),
          missing);
    }
    delegate.configure(configs, isKey);
  }

  @Override
  public LaneRecord deserialize(String topic, byte[] data) {
    throw new UnsupportedOperationException("lanes are read with their headers");
  }

  // The array is the record's own, so that a request that waits does not hold a whole fetch in
  // memory.
  @Override
  public LaneRecord deserialize(String topic, Headers headers, byte[] data) {
    Object value;
    try {
      value = delegate.deserialize(topic, headers, data);
    } catch (SerializationException | ClassCastException unreadable) {
      return registryIsAway(unreadable)
          ? new LaneRecord.Unreadable(unreadable.getMessage())
          : new LaneRecord.Poison(unreadable.getMessage());
    }
    return switch (value) {
      case InferenceRequest request when request.getPath().startsWith("/") ->
          new LaneRecord.Request(request);
      case InferenceRequest request ->
          new LaneRecord.Poison("its path does not begin with a slash");
      case Requeue requeue -> new LaneRecord.Again(requeue);
      case null, default -> new LaneRecord.Poison("it is neither a request nor a requeue");
    };
  }

  private static boolean registryIsAway(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SchemaRegistryException registry) {
        return !(registry instanceof UnknownSchemaException);
      }
      // Confluent's deserializer has no exception of its own for it.
      if (cause instanceof ConnectException || cause instanceof SocketTimeoutException) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    delegate.close();
  }
}
