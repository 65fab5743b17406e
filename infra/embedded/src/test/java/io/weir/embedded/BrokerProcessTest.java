package io.weir.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerProcessTest {
  private static final String PASSWORD = "pa\"ss\\word;=";

  @TempDir Path directory;

  @Test
  void whatABrokerAcknowledgedSurvivesItsDeath() throws Exception {
    // Given
    EmbeddedBrokerConfig config = EmbeddedBrokerConfig.in(directory);
    try (BrokerProcess broker = BrokerProcess.start(config);
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin
          .createTopics(Set.of(new NewTopic("kept", 1, (short) 1)))
          .all()
          .get(10, TimeUnit.SECONDS);
      // When
      broker.kill();
    }
    // Then
    try (BrokerProcess broker = BrokerProcess.start(config);
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      assertThat(admin.listTopics().names().get(10, TimeUnit.SECONDS)).containsExactly("kept");
    }
  }

  @Test
  void aDirectoryInUseByAnotherProcessIsRefused() {
    // Given
    EmbeddedBrokerConfig config = EmbeddedBrokerConfig.in(directory);
    try (BrokerProcess broker = BrokerProcess.start(config)) {
      assertThat(broker.handle().isAlive()).isTrue();
      // When, then
      assertThatThrownBy(() -> EmbeddedBroker.start(config))
          .isInstanceOf(EmbeddedBrokerException.class)
          .hasMessageContaining("another broker is running on it");
      assertThatThrownBy(() -> BrokerProcess.start(config))
          .isInstanceOf(EmbeddedBrokerException.class)
          .hasMessageContaining("another broker is running on it");
    }
  }

  @Test
  void onlyUsersWithTheirPasswordGetIn() throws Exception {
    // Given
    EmbeddedBrokerConfig config =
        EmbeddedBrokerConfig.in(directory).withUsers(Map.of("alice", PASSWORD));
    assertThat(config.toString()).contains("alice").doesNotContain("pa\"ss");
    try (BrokerProcess broker = BrokerProcess.start(config)) {
      // When, then
      try (Admin admin = admin(broker, PASSWORD)) {
        admin
            .createTopics(Set.of(new NewTopic("hers", 1, (short) 1)))
            .all()
            .get(10, TimeUnit.SECONDS);
      }
      try (Admin admin = admin(broker, "guessed")) {
        assertThatThrownBy(() -> admin.listTopics().names().get(10, TimeUnit.SECONDS))
            .isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(SaslAuthenticationException.class);
      }
    }
  }

  private static Admin admin(BrokerProcess broker, String password) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", broker.bootstrapServers());
    properties.put("security.protocol", "SASL_PLAINTEXT");
    properties.put("sasl.mechanism", "PLAIN");
    properties.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"alice\" password=\"%s\";"
            .formatted(password.replace("\\", "\\\\").replace("\"", "\\\"")));
    return Admin.create(properties);
  }
}
