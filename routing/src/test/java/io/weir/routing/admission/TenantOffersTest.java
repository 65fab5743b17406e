package io.weir.routing.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantOffersTest {
  private static final long SECOND = 1_000_000_000L;

  private static TenantOffers offers(Map<String, Double> weights) {
    return new TenantOffers(tenant -> weights.getOrDefault(tenant, 1.0), 100);
  }

  @Test
  void whoAsksForLessThanAShareIsRefusedNothing() {
    // Given a that asks for twenty times what b and c do, and room for four of the 22
    TenantOffers offers = offers(Map.of());
    offers.add("a", 2000, 0);
    offers.add("b", 100, 0);
    offers.add("c", 100, 0);
    double part = 1 - 400.0 / 2200;

    // Then a gets the two that the others leave
    assertThat(offers.excess("b", part, 0)).isZero();
    assertThat(offers.excess("c", part, 0)).isZero();
    assertThat(offers.excess("a", part, 0)).isCloseTo(1 - 200.0 / 2000, within(1e-9));
  }

  @Test
  void whoIsAloneOrLikeAllOthersIsRefusedThePlannedPart() {
    TenantOffers offers = offers(Map.of());
    offers.add("a", 1000, 0);
    assertThat(offers.excess("a", 0.3, 0)).isCloseTo(0.3, within(1e-9));
    offers.add("b", 1000, SECOND);
    offers.add("a", 1000 - 1000 * Math.exp(-0.2), SECOND);
    assertThat(offers.excess("a", 0.3, SECOND)).isCloseTo(0.3, within(1e-9));
    assertThat(offers.excess("b", 0.3, SECOND)).isCloseTo(0.3, within(1e-9));
  }

  @Test
  void weightsDivide() {
    TenantOffers offers = offers(Map.of("a", 3.0));
    offers.add("a", 1000, 0);
    offers.add("b", 1000, 0);
    assertThat(offers.excess("a", 0.5, 0)).isCloseTo(0.25, within(1e-9));
    assertThat(offers.excess("b", 0.5, 0)).isCloseTo(0.75, within(1e-9));
  }

  @Test
  void whatWasAskedForLongAgoIsForgotten() {
    TenantOffers offers = offers(Map.of());
    offers.add("a", 1e6, 0);
    offers.add("b", 100, 100 * SECOND);
    assertThat(offers.excess("b", 0.5, 100 * SECOND)).isCloseTo(0.5, within(1e-3));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theRefusedPartsAddUpToThePlans(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    TenantOffers offers = offers(Map.of("0", 2.0, "3", 0.5));
    double[] asked = new double[20];
    double all = 0;
    for (int tenant = 0; tenant < asked.length; tenant++) {
      asked[tenant] = Math.exp(4 * random.nextGaussian());
      all += asked[tenant];
      offers.add(Integer.toString(tenant), asked[tenant], 0);
    }
    double part = random.nextDouble();
    double refused = 0;
    for (int tenant = 0; tenant < asked.length; tenant++) {
      refused += asked[tenant] * offers.excess(Integer.toString(tenant), part, 0);
    }
    assertThat(refused)
        .as("seed %d, part %f", seed, part)
        .isCloseTo(part * all, within(1e-6 * all));
  }
}
