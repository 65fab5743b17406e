package io.weir.controller.callbacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Configs;
import io.weir.routing.config.Secret;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where results may be posted, and how they are signed. */
class CallbackPolicyTest {
  private final CallbackPolicy policy =
      new CallbackPolicy(List.of("hooks.example.com", "*.acme.test"), List.of("10.1.0.0/16"));

  @Test
  void onlyAllowedHosts() {
    assertThat(policy.refusal(URI.create("https://hooks.example.com/x"))).isEmpty();
    assertThat(policy.refusal(URI.create("https://HOOKS.example.com/x"))).isEmpty();
    assertThat(policy.refusal(URI.create("https://a.acme.test/"))).isEmpty();
    assertThat(policy.refusal(URI.create("https://acme.test/"))).isPresent();
    assertThat(policy.refusal(URI.create("https://evil-acme.test/"))).isPresent();
    assertThat(policy.refusal(URI.create("https://example.com/"))).isPresent();
    assertThat(policy.refusal(URI.create("ftp://hooks.example.com/"))).isPresent();
    assertThat(policy.refusal(URI.create("https://a@hooks.example.com/"))).isPresent();
    assertThat(policy.refusal(URI.create("mailto:a@hooks.example.com"))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "10.2.0.1",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "198.18.0.1",
        "::1",
        "fe80::1",
        "fd00::1",
        "fec0::1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "::ffff:127.0.0.1"
      })
  void noAddressThatOnlyWeirReaches(String address) throws UnknownHostException {
    assertThat(policy.choose(addresses(address))).isEmpty();
    assertThat(policy.choose(addresses("8.8.8.8", address))).isEmpty();
  }

  @Test
  void publicAddressesAndAllowedNetworks() throws UnknownHostException {
    assertThat(policy.choose(addresses("8.8.8.8"))).contains(InetAddress.getByName("8.8.8.8"));
    assertThat(policy.choose(addresses("2606:4700::1111"))).isPresent();
    assertThat(policy.choose(addresses("10.1.2.3"))).isPresent();
    assertThat(policy.choose(addresses("10.2.2.3"))).isEmpty();
  }

  private static InetAddress[] addresses(String... texts) throws UnknownHostException {
    InetAddress[] addresses = new InetAddress[texts.length];
    for (int i = 0; i < texts.length; i++) {
      addresses[i] = InetAddress.getByName(texts[i]);
    }
    return addresses;
  }

  /** The example of the Standard Webhooks specification's reference libraries. */
  @Test
  void signsAsStandardWebhooksDo() {
    WebhookSignature signature = WebhookSignature.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    assertThat(
            signature.sign(
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1_614_265_330L,
                "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void theConfigurationIsChecked() {
    assertThatThrownBy(() -> config(List.of(), List.of("10.1.0.0/33"), Optional.empty()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("10.1.0.0/33");
    assertThatThrownBy(() -> config(List.of("a.test"), List.of(), Optional.empty()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("a.test");
    assertThatThrownBy(() -> config(List.of(), List.of(), Optional.of(new Secret("whsec_short"))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("whsec_");
  }

  private static CallbacksConfig config(
      List<String> allow, List<String> networks, Optional<Secret> secret) {
    CallbacksConfig defaults = Configs.defaults(CallbacksConfig.class);
    return new CallbacksConfig(
        allow, networks, secret, defaults.timeout(), defaults.patience(), defaults.largest());
  }
}
