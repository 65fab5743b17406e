package io.weir.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.routing.admission.AdmissionPolicy;
import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Configs;
import io.weir.routing.config.DataSize;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IngressConfigTest {
  @Test
  void theDefaultsAreThese() {
    assertThat(Configs.defaults(IngressConfig.class))
        .isEqualTo(
            new IngressConfig(
                "127.0.0.1",
                8080,
                Optional.empty(),
                List.of(),
                Configs.defaults(AdmissionPolicy.class),
                new IngressLimits(
                    DataSize.mebibytes(8),
                    DataSize.kibibytes(32),
                    20_000,
                    25_000,
                    DataSize.mebibytes(64),
                    DataSize.kibibytes(256),
                    DataSize.mebibytes(64),
                    4,
                    256,
                    DataSize.mebibytes(64),
                    100_000,
                    64,
                    DataSize.mebibytes(200),
                    100_000,
                    20_000,
                    16),
                new IngressTimeouts(
                    Duration.ofMillis(1_800),
                    Duration.ofSeconds(75),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(10),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(2)),
                new RequestExpiry(
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(10),
                    Duration.ofMinutes(15),
                    Duration.ofHours(24)),
                Optional.empty(),
                new CallbackHosts(List.of())));
  }

  @ParameterizedTest
  @CsvSource({"requests,0", "live-buffer,1KiB", "body-memory,1MiB", "body,0B", "json-depth,0"})
  void aBadLimitIsNamed(String key, String value) {
    assertThatThrownBy(() -> Configs.with(IngressLimits.class, Map.of(key, value)))
        .isInstanceOfSatisfying(ConfigException.class, e -> assertThat(e.key()).isEqualTo(key));
  }

  @Test
  void aBadTimeoutIsNamed() {
    assertThatThrownBy(() -> Configs.with(IngressTimeouts.class, Map.of("comment", "0s")))
        .isInstanceOfSatisfying(
            ConfigException.class, e -> assertThat(e.key()).isEqualTo("comment"));
  }

  @Test
  void aKeyInTheClearIsNotADigest() {
    assertThatThrownBy(() -> new ApiKey("sk-123", "t"))
        .isInstanceOf(ConfigException.class)
        .hasMessageNotContaining("sk-123");
  }
}
