package io.weir.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.routing.config.ConfigNode.Mapping;
import io.weir.routing.config.ConfigNode.Scalar;
import io.weir.routing.config.ConfigNode.Sequence;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

class YamlTreeTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("HOST", "kafka:9092", "EMPTY", "", "PASSWORD", "a:b #c");

  private static Mapping read(String text) {
    return YamlTree.read("weir.yaml", text, name -> Optional.ofNullable(ENVIRONMENT.get(name)));
  }

  private static AbstractThrowableAssert<?, ?> assertRefused(String text) {
    return assertThatThrownBy(() -> read(text)).isInstanceOf(ConfigFileException.class);
  }

  private static String text(Mapping tree, String key) {
    return ((Scalar) tree.entries().get(key)).text();
  }

  @Test
  void everyValueKnowsItsLine() {
    Mapping tree =
        read(
            """
            # a comment
            pools:
              - name: a

              - name: b
            port: 8080
            """);

    assertThat(tree.entries().get("port")).isEqualTo(new Scalar("8080", 6));
    Sequence pools = (Sequence) tree.entries().get("pools");
    assertThat(pools.line()).isEqualTo(2);
    assertThat(pools.items()).extracting(item -> item.line()).containsExactly(3, 5);
  }

  @Test
  void variablesAreFilledInPlainAndQuotedText() {
    Mapping tree =
        read(
            """
            a: ${HOST}
            b: "host=${HOST};"
            c: 'password="${PASSWORD}"'
            d: ${MISSING:-fallback}
            e: ${EMPTY:-fallback}
            f: $${HOST} costs $5
            g: ${MISSING:-}
            """);

    assertThat(text(tree, "a")).isEqualTo("kafka:9092");
    assertThat(text(tree, "b")).isEqualTo("host=kafka:9092;");
    assertThat(text(tree, "c")).isEqualTo("password=\"a:b #c\"");
    assertThat(text(tree, "d")).isEqualTo("fallback");
    assertThat(text(tree, "e")).isEqualTo("fallback");
    assertThat(text(tree, "f")).isEqualTo("${HOST} costs $5");
    assertThat(text(tree, "g")).isEmpty();
  }

  @Test
  void unsetVariableNamesItselfKeyAndLine() {
    assertRefused("kafka:\n  sasl.password: x${SECRET}\n")
        .hasMessage(
            "weir.yaml:2: kafka.sasl.password: environment variable SECRET is not set; set it, or"
                + " give a default with ${SECRET:-default}");
  }

  @Test
  void malformedPlaceholderIsRefused() {
    assertRefused("a: ${1X}\n").hasMessageStartingWith("weir.yaml:1: a: '${' must begin");
    assertRefused("a: ${OPEN\n").hasMessageStartingWith("weir.yaml:1: a: '${' must begin");
  }

  @Test
  void repeatedKeyNamesBothLines() {
    assertRefused("a:\n  b: 1\n  c: 2\n  b: 3\n")
        .hasMessage("weir.yaml:4: a.b: given twice, first in line 2");
  }

  @Test
  void anchorsAreFollowedAndKeepTheLineOfTheirKey() {
    Mapping tree = read("base: &x\n  a: 1\nother: *x\n");

    assertThat(((Mapping) tree.entries().get("other")).entries())
        .containsEntry("a", new Scalar("1", 2));
    assertThat(tree.entries().get("other").line()).isEqualTo(3);
  }

  @Test
  void aliasesThatStandForBillionsOfValuesAreRefused() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++) {
      bomb.append("a%d: &a%d [".formatted(i, i));
      bomb.append(("*a" + (i - 1) + ", ").repeat(10)).append("]\n");
    }

    assertRefused(bomb.toString()).hasMessageContaining("too deep or too large");
  }

  @Test
  void aliasOfItsOwnParentIsRefused() {
    assertRefused("a: &a\n  b: *a\n").hasMessageContaining("too deep or too large");
  }

  @Test
  void syntaxErrorNamesItsLine() {
    assertRefused("a: 1\nb: [1, 2\nc: 3\n").hasMessageStartingWith("weir.yaml:3: ");
  }

  @Test
  void theFileMustBeAMapping() {
    assertRefused("- a\n- b\n").hasMessageContaining("must be a mapping");
    assertThat(read("").entries()).isEmpty();
    assertThat(read("# nothing yet\n").entries()).isEmpty();
  }
}
