package io.weir.schemas;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Map;
import org.apache.kafka.common.serialization.Serializer;

/** Another vendor's serializer: what it writes is the naming strategy it was given. */
public final class NamingSerializer implements Serializer<Object> {
  private String strategy = "";

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    strategy = String.valueOf(configs.get("value.subject.name.strategy"));
  }

  @Override
  public byte[] serialize(String topic, Object data) {
    return strategy.getBytes(US_ASCII);
  }
}
