package io.weir.routing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.routing.config.Configs;
import io.weir.schemas.CalibrationState;
import io.weir.schemas.EngineSample;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineCalibratorTest {
  private static final EngineProfile H100 = EngineProfiles.named("h100-llama-3-8b").orElseThrow();
  private static final int PROMPT = 1000;
  private static final int OUTPUT = 200;
  private static final SteadyState CLOSED = SteadyState.of(H100, PROMPT, OUTPUT);
  private static final double PER_SECOND_WHEN_FULL =
      1e3 / CLOSED.workMillis(RequestShape.uncached(PROMPT, OUTPUT));

  private final EngineCalibrator calibrator =
      new EngineCalibrator(Configs.defaults(CalibrationPolicy.class));
  private final Random random = new Random(5);
  private CalibrationState state = EngineCalibrator.initial();
  private long second;
  private double requests;

  /**
   * A second of an engine whose line is {@code alpha/TPOT = speed − slope·rho}.
   *
   * @param noise standard deviation of the load that telemetry shows, as a part of it
   */
  private void second(double speed, double slope, double rho, double noise) {
    double shown = rho * Math.max(.1, 1 + noise * random.nextGaussian());
    requests += shown * PER_SECOND_WHEN_FULL;
    observe(CLOSED.alpha() / (speed - slope * rho), true);
  }

  private void observe(double tpot, boolean up) {
    second++;
    state = calibrator.observe(state, sample(tpot, up), H100);
  }

  private EngineSample sample(double tpot, boolean up) {
    return EngineSample.newBuilder()
        .setEngine("e")
        .setOwner("c")
        .setOwnerEpoch(1)
        .setSequence(second)
        .setAt(Instant.ofEpochSecond(1000 + second))
        .setUp(up)
        .setPromptTokens(Math.round(requests * PROMPT))
        .setGenerationTokens(Math.round(requests * OUTPUT))
        .setRequests(Math.round(requests))
        .setTpotMillis(tpot)
        .build();
  }

  @ParameterizedTest
  @CsvSource({"1, .5", ".5, .3", "1.3, .6", ".8, .2"})
  void aFactorOnEverythingIsFoundFromOneLoad(double speed, double part) {
    // When it runs at a part of what it can take
    for (int i = 0; i < 120; i++) {
      second(speed, 1, part * speed, .2);
    }

    // Then
    assertThat(state.getSpeed()).isCloseTo(speed, within(.08 * speed));
    assertThat(state.getCapacity()).isCloseTo(speed, within(.12 * speed));
    assertThat(state.getSamples()).isEqualTo(119);
  }

  @Test
  void loadsThatDifferTellSpeedFromCapacity() {
    // Given an engine as fast as its profile without load that is full at two thirds
    for (int i = 0; i < 600; i++) {
      second(1, 1.5, .05 + .55 * (i % 60) / 60, .02);
    }

    // Then most of it is found
    assertThat(state.getCapacity()).isCloseTo(.67, within(.1));
    assertThat(state.getSpeed()).isGreaterThan(.85);
  }

  @Test
  void threeSlowSamplesInARowAreEnough() {
    // Given
    for (int i = 0; i < 60; i++) {
      second(1, 1, .4, .1);
    }

    // When it becomes three times slower
    second(1 / 3.0, 1, .2, .1);
    second(1 / 3.0, 1, .2, .1);
    assertThat(state.getCapacity()).isGreaterThan(.9);
    second(1 / 3.0, 1, .2, .1);

    // Then
    assertThat(state.getSpeed()).isCloseTo(1 / 3.0, within(.05));
    assertThat(state.getCapacity()).isCloseTo(1 / 3.0, within(.05));

    // And it comes back in smaller steps
    for (int i = 0; i < 5; i++) {
      second(1, 1, .2, .1);
    }
    assertThat(state.getCapacity()).isLessThan(.7);
    for (int i = 0; i < 90; i++) {
      second(1, 1, .2, .1);
    }
    assertThat(state.getCapacity()).isGreaterThan(.9);
  }

  @Test
  void singleOutliersHardlyCount() {
    // Given
    for (int i = 0; i < 60; i++) {
      second(1, 1, .4, .05);
    }

    // When one sample in ten is wild
    for (int i = 0; i < 100; i++) {
      second(i % 10 == 0 ? .5 : 1, 1, .4, .05);
    }

    // Then
    assertThat(state.getCapacity()).isCloseTo(1, within(.1));
  }

  @Test
  void whatTellsNothingChangesNothing() {
    // Given
    second(1, 1, .4, 0);
    second(1, 1, .4, 0);
    CalibrationState before = state;

    // When an old sample comes, the engine is down, or it starts anew
    state = calibrator.observe(state, before.getLast().orElseThrow(), H100);
    assertThat(state).isSameAs(before);
    observe(20, false);
    requests = 1;
    observe(20, true);

    // Then
    assertThat(state.getSpeed()).isEqualTo(before.getSpeed());
    assertThat(state.getSamples()).isEqualTo(before.getSamples());
  }

  @Test
  void withoutTimesPerTokenLittlesLawTellsThem() {
    // Given 40 sequences that get 2,000 tokens a second
    EngineSample before =
        EngineSample.newBuilder(sample(1, true)).setTpotMillis(null).setRunning(40).build();
    EngineSample after =
        EngineSample.newBuilder(before)
            .setAt(before.getAt().plusSeconds(2))
            .setGenerationTokens(4000L)
            .setPromptTokens(20_000L)
            .setPrefixHits(5000L)
            .setPrefixQueries(20_000L)
            .build();
    EngineSample fresh = EngineSample.newBuilder(before).setPrefixHits(0L).build();

    // When
    EngineObservation seen = EngineObservation.between(fresh, after).orElseThrow();

    // Then
    assertThat(seen.tpotMillis()).isEqualTo(20, within(1e-9));
    assertThat(seen.outputPerSecond()).isEqualTo(2000, within(1e-9));
    assertThat(seen.prefillPerSecond()).isEqualTo(7500, within(1e-9));
  }

  @Test
  void aGuessIsTrustedByHalfAtFirstAndMoreWithEverySample() {
    assertThat(calibrator.confidence(.5, state)).isEqualTo(.5);
    for (int i = 0; i < 31; i++) {
      second(1, 1, .4, 0);
    }
    assertThat(calibrator.confidence(.5, state)).isEqualTo(.75, within(1e-9));
    assertThat(calibrator.confidence(1, state)).isEqualTo(1);
  }
}
