package io.weir.routing.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.MetricsDialect;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is and what is not a metrics page, and what a hostile one can do. */
class ExpositionTest {
  @Test
  void labelsMayHoldAnything() {
    Exposition page =
        Exposition.parse(
            """
              a_metric { path = "C:\\\\x\\"y\\n{,}=#" , code="200", } 1.5e-3 1395066363000
            a_metric{path="other"} .5
            a_metric 1
            """);

    assertThat(page.isPlausible()).isTrue();
    assertThat(page.labelled("a_metric", "path", "C:\\x\"y\n{,}=#")).hasValue(0.0015);
    assertThat(page.sum("a_metric")).hasValue(1.5015);
  }

  @Test
  void linesEndAsTheyLike() {
    assertThat(Exposition.parse("a 1\r\nb 2\r\n\n\n# x\nc 3").sum("c")).hasValue(3);
    assertThat(Exposition.parse("a 1\r\nb 2\r\n").sum("b")).hasValue(2);
  }

  @Test
  void whatIsNoPageIsNotPlausible() {
    assertThat(Exposition.parse("<html><body>404 not found</body></html>").isPlausible()).isFalse();
    assertThat(Exposition.parse("[{\"iter\": 1}]").isPlausible()).isFalse();
    assertThat(Exposition.parse("error 1d\nerror 0x10\nerror 1 2 3\n").isPlausible()).isFalse();
    assertThat(Exposition.parse("").isPlausible()).isTrue();
  }

  @Test
  void aLineThatMakesNoSenseDoesNotSpoilTheOthers() {
    Exposition page = Exposition.parse("good 1\nbad{x=\"1} 2\nworse{ 3\ngood{a=\"b\"} 4\nfine 5\n");

    assertThat(page.isPlausible()).isTrue();
    assertThat(page.sum("good")).hasValue(5);
    assertThat(page.sum("bad")).isEmpty();
  }

  @Test
  @Timeout(20)
  void sizeBringsNothingDown() {
    // Given
    String digits = "1".repeat(15_000);
    String manyNames = lines(200_000, "m%d{l=\"%d\"} 1\n");
    String backtracking = lines(200, "m%d " + digits + "x\n");
    String manyLabels = "m{" + lines(100_000, "l%d=\"\",") + "} 1\n";
    String longLine = "m{l=\"" + "x".repeat(4_000_000) + "\"} 1\n";

    // Then
    assertThat(Exposition.parse(manyNames).isPlausible()).isTrue();
    assertThat(Exposition.parse(manyNames).sum("m199999")).isEmpty();
    assertThat(Exposition.parse(backtracking).isPlausible()).isFalse();
    assertThat(Exposition.parse(manyLabels).isPlausible()).isFalse();
    assertThat(Exposition.parse(longLine).isPlausible()).isFalse();
  }

  @Test
  void noBytesMakeItFail() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    byte[] vllm = Pages.VLLM.getBytes(StandardCharsets.UTF_8);
    for (int round = 0; round < 500; round++) {
      byte[] broken = vllm.clone();
      for (int i = 0; i < 1 + random.nextInt(300); i++) {
        broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
      }
      Exposition page =
          Exposition.parse(
              new String(broken, 0, random.nextInt(broken.length), StandardCharsets.UTF_8));
      assertThat(EngineMetrics.read(MetricsDialect.AUTO, page)).as("seed %d", seed).isNotNull();
    }
  }

  private static String lines(int count, String format) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append(format.formatted(i, i));
    }
    return lines.toString();
  }
}
