package io.weir.schemas;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Lets another vendor's serializer follow Weir's subjects. Such a serializer has one naming
 * strategy for all topics, but one producer writes families of topics, whose subject is the
 * record's name, and single topics, whose subject is the topic's: so there are two of them, each
 * with its strategy.
 */
public final class SubjectRoutingSerializer implements Serializer<Object> {
  /** The class of the serializer to use. */
  static final String DELEGATE = "weir.value.serializer";

  static final String STRATEGY = "value.subject.name.strategy";
  private static final String BY_RECORD =
      "io.confluent.kafka.serializers.subject.RecordNameStrategy";
  private static final String BY_TOPIC = "io.confluent.kafka.serializers.subject.TopicNameStrategy";

  private Serializer<Object> families;
  private Serializer<Object> singles;

  /**
   * Makes both serializers.
   *
   * @throws ConfigException if their class cannot be made
   */
  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    String type = String.valueOf(configs.get(DELEGATE));
    families = make(type, configs, isKey, BY_RECORD);
    singles = make(type, configs, isKey, BY_TOPIC);
  }

  private static Serializer<Object> make(
      String type, Map<String, ?> configs, boolean isKey, String strategy) {
    try {
      @SuppressWarnings("unchecked") // What it cannot serialize it refuses itself.
      Serializer<Object> serializer = Utils.newInstance(type, Serializer.class);
      Map<String, Object> all = new HashMap<>(configs);
      all.putIfAbsent(STRATEGY, strategy);
      serializer.configure(all, isKey);
      return serializer;
    } catch (ClassNotFoundException missing) {
      throw new ConfigException(
          "kafka.value.serializer names %s, which is not on the class path.".formatted(type));
    }
  }

  @Override
  public byte[] serialize(String topic, Object record) {
    return delegate(topic).serialize(topic, record);
  }

  @Override
  public byte[] serialize(String topic, Headers headers, Object record) {
    return delegate(topic).serialize(topic, headers, record);
  }

  private Serializer<Object> delegate(String topic) {
    if (singles == null) {
      throw new SerializationException("The serializer for topic " + topic + " is not configured.");
    }
    return Topics.isOfFamily(topic) ? families : singles;
  }

  @Override
  public void close() {
    Utils.closeQuietly(families, "serializer of families");
    Utils.closeQuietly(singles, "serializer of single topics");
  }
}
