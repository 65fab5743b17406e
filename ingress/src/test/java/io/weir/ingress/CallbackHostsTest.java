package io.weir.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallbackHostsTest {
  private final CallbackHosts hosts =
      new CallbackHosts(List.of("Hooks.example.com", "other.example:8443", "http://127.0.0.1:99"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://hooks.example.com/a?b=c",
        "https://HOOKS.example.com:443/",
        "https://other.example:8443/x",
        "http://127.0.0.1:99/in-the-clear"
      })
  void whatIsListedIsLetThrough(String url) throws Exception {
    assertThat(hosts.check(url)).isEqualTo(url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://hooks.example.com/",
        "https://evil.example/",
        "https://hooks.example.com.evil.example/",
        "https://hooks.example.com:8443/",
        "https://user@hooks.example.com/",
        "https://hooks.example.com/#x",
        "https://other.example/",
        "http://127.0.0.1:98/",
        "ftp://hooks.example.com/",
        "hooks.example.com",
        "/relative",
        "https://ex ample/"
      })
  void whatIsNotIsRefusedByName(String url) {
    assertThatThrownBy(() -> hosts.check(url))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> {
              assertThat(e.error().status()).isEqualTo(400);
              assertThat(e.error().param()).contains("x-weir-callback");
            });
  }

  @Test
  void noneAreAllowedByDefault() {
    assertThatThrownBy(() -> new CallbackHosts(List.of()).check("https://hooks.example.com/"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("ingress.callbacks.allow");
  }
}
