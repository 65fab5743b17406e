package io.weir.routing.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FlowProblemTest {
  @Test
  void arcsAreNumberedByCommodityWhateverTheOrderTheyCameIn() {
    FlowProblemBuilder builder = FlowProblem.builder();
    builder.engine(1, 1);
    builder.engine(2, 1);
    builder.commodity(1, 10);
    builder.commodity(2, 10);

    FlowProblem problem = builder.arc(1, 0, 0.1, 0).arc(0, 1, 0.2, 0).arc(1, 1, 0.3, 0.5).build();

    assertThat(problem.arc(0, 1)).hasValue(0);
    assertThat(problem.arc(1, 0)).hasValue(1);
    assertThat(problem.arc(1, 1)).hasValue(2);
    assertThat(problem.arc(0, 0)).isEmpty();
    assertThat(problem.workSeconds(2)).isEqualTo(0.3);
    assertThat(problem.geographySeconds(2)).isEqualTo(0.5);
    assertThat(problem.withRates(new double[] {7, 8}).rate(1)).isEqualTo(8);
  }

  @Test
  void equalEnginesAndSourcesAreMergedAndStrangersSeparated() {
    // Given three equal engines for two equal sources, and one pair apart
    FlowProblemBuilder builder = FlowProblem.builder();
    for (int e = 0; e < 3; e++) {
      builder.engine(5, 1);
    }
    int apart = builder.engine(5, 1);
    for (int c = 0; c < 2; c++) {
      builder.commodity(1 + c, 100);
      for (int e = 2; e >= 0; e--) {
        builder.arc(c, e, 0.1, 0.02);
      }
    }
    builder.arc(builder.commodity(4, 100), apart, 0.1, 0.02);

    ReducedProblem reduced = builder.build().reduced();

    assertThat(reduced.components())
        .containsExactly(new Component(0, 1, 0, 1), new Component(1, 2, 1, 2));
    assertThat(reduced.network().members()).containsExactly(3, 1);
    assertThat(reduced.engineOf()).containsExactly(0, 0, 0, 1);
    assertThat(reduced.commodityOf()).containsExactly(0, 0, 1);
    assertThat(reduced.arcOf()).containsExactly(0, 0, 0, 0, 0, 0, 1);
  }

  @Test
  void differentWorkOrDistanceKeepsEnginesApart() {
    FlowProblemBuilder builder = FlowProblem.builder();
    for (int e = 0; e < 4; e++) {
      builder.engine(5, e == 3 ? 2 : 1);
    }
    builder.commodity(1, 100);
    builder.arc(0, 0, 0.1, 0.02).arc(0, 1, 0.2, 0.02).arc(0, 2, 0.1, 0.03).arc(0, 3, 0.1, 0.02);

    assertThat(builder.build().reduced().network().members()).containsExactly(1, 1, 1, 1);
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    FlowProblemBuilder builder = FlowProblem.builder();
    builder.engine(1, 1);
    builder.commodity(1, 1);

    assertThatThrownBy(() -> builder.engine(0, 1))
        .hasMessage("an engine's n must be positive, is 0.0");
    assertThatThrownBy(() -> builder.commodity(-1, 1))
        .hasMessage("a rate must not be negative, is -1.0");
    assertThatThrownBy(() -> builder.commodity(1, 0)).hasMessageStartingWith("a shed price");
    assertThatThrownBy(() -> builder.arc(0, 1, 1, 1))
        .hasMessageStartingWith("there is no such engine");
    assertThatThrownBy(() -> builder.arc(0, 0, 0, 1)).hasMessageStartingWith("work must be");
    assertThatThrownBy(() -> builder.arc(0, 0, 1, -1)).hasMessageStartingWith("geography");
    builder.arc(0, 0, 1, 1).arc(0, 0, 1, 1);
    assertThatThrownBy(builder::build)
        .hasMessage("commodity 0 has two arcs to engine 0; merge them");
  }
}
