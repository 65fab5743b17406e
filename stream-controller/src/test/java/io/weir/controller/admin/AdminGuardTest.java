package io.weir.controller.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.WritableHeaders;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names under which the admin API is known. */
class AdminGuardTest {
  private final AdminGuard guard =
      new AdminGuard(Optional.empty(), "0.0.0.0", List.of("Weir.example"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:8090",
        "LOCALHOST",
        "127.0.0.1:8090",
        "10.1.2.3",
        "[::1]:8090",
        "weir.example",
        "weir.example:443"
      })
  void known(String host) {
    assertThatCode(() -> guard.check(Method.GET, host(host))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example:8090",
        "127.0.0.1.evil.example",
        "localhost.evil",
        "weir.example.evil"
      })
  void unknown(String host) {
    AdminException refused =
        catchThrowableOfType(AdminException.class, () -> guard.check(Method.GET, host(host)));

    assertThat(refused.status()).isEqualTo(421);
  }

  @Test
  void noName() {
    AdminException refused =
        catchThrowableOfType(
            AdminException.class,
            () -> guard.check(Method.GET, ServerRequestHeaders.create(WritableHeaders.create())));

    assertThat(refused.code()).isEqualTo("unknown_host");
  }

  private static ServerRequestHeaders host(String host) {
    WritableHeaders<?> headers = WritableHeaders.create();
    headers.set(HeaderNames.HOST, host);
    return ServerRequestHeaders.create(headers);
  }
}
