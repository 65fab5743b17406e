package io.weir.routing.pick;

import static io.weir.routing.pick.Tables.edit;
import static io.weir.routing.pick.Tables.engine;
import static io.weir.routing.pick.Tables.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.pick.TableVerdict.Accepted;
import io.weir.routing.pick.TableVerdict.Reason;
import io.weir.routing.pick.TableVerdict.Refused;
import io.weir.schemas.ClassPlan;
import io.weir.schemas.EngineWeight;
import io.weir.schemas.RequestClass;
import io.weir.schemas.RoutingWeights;
import io.weir.schemas.WeightCertificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableGuardTest {
  private final TableGuard guard = new TableGuard("eu", "llama");

  private static RoutingWeights good(long epoch, long version) {
    return table(
        epoch,
        version,
        List.of(
            engine("a", 0.4, 0.3, 0.7), engine("b", 0.3, 0.3, 0.6),
            engine("c", 0.2, 0.2, 0.5), engine("d", 0.1, 0.2, 0.5)));
  }

  private TableVerdict check(RoutingWeights offered) {
    return guard.check(Optional.empty(), offered, any -> false);
  }

  private WeightTable accepted(RoutingWeights offered) {
    return ((Accepted) check(offered)).table();
  }

  private static void refused(TableVerdict verdict, Reason reason) {
    assertThat(verdict).isInstanceOf(Refused.class);
    assertThat(((Refused) verdict).reason()).isEqualTo(reason);
    assertThat(((Refused) verdict).detail()).isNotBlank();
  }

  private TableVerdict next(RoutingWeights offered, Set<String> troubled) {
    return guard.check(Optional.of(accepted(good(1, 1))), offered, troubled::contains);
  }

  @Test
  void acceptsAGoodTable() {
    WeightTable table = accepted(good(3, 7));
    assertThat(table.name()).isEqualTo("3.7");
    assertThat(table.engine("b").orElseThrow().getWeight()).isEqualTo(0.3);
    assertThat(table.engine("z")).isEmpty();
    assertThat(table.demandPerSecond()).isEqualTo(20);
  }

  @Test
  void refusesWhatIsNotNewer() {
    Optional<WeightTable> current = Optional.of(accepted(good(3, 7)));
    refused(guard.check(current, good(3, 7), any -> false), Reason.NOT_NEWER);
    refused(guard.check(current, good(3, 6), any -> false), Reason.NOT_NEWER);
    refused(guard.check(current, good(2, 9), any -> false), Reason.NOT_NEWER);
    assertThat(guard.check(current, good(3, 8), any -> false)).isInstanceOf(Accepted.class);
    assertThat(guard.check(current, good(4, 0), any -> false)).isInstanceOf(Accepted.class);
  }

  @Test
  void endsWithTheNewestTableInWhateverOrderTheyCome() {
    // Given tables of several epochs, each twice
    List<RoutingWeights> tables = new ArrayList<>();
    for (long epoch = 1; epoch <= 3; epoch++) {
      for (long version = 0; version < 4; version++) {
        tables.add(good(epoch, version));
        tables.add(good(epoch, version));
      }
    }
    for (long seed = 0; seed < 200; seed++) {
      Collections.shuffle(tables, new Random(seed));
      Optional<WeightTable> current = Optional.empty();
      String before = "";

      // When
      for (RoutingWeights table : tables) {
        if (guard.check(current, table, any -> false) instanceof Accepted accepted) {
          assertThat(accepted.table().name()).as("seed %d", seed).isGreaterThan(before);
          current = Optional.of(accepted.table());
          before = accepted.table().name();
        }
      }

      // Then
      assertThat(current.orElseThrow().name()).as("seed %d", seed).isEqualTo("3.3");
    }
  }

  @Test
  void refusesATableForSomeoneElse() {
    refused(check(edit(good(1, 1), table -> table.setSource("us"))), Reason.MISADDRESSED);
  }

  @Test
  void refusesWeightsThatDoNotAddUp() {
    refused(check(edit(good(1, 1), 0, engine -> engine.setWeight(0.41))), Reason.SUM);
    refused(check(table(1, 1, List.of())), Reason.SUM);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.051, Double.NaN, -0.1, Double.POSITIVE_INFINITY})
  void refusesWhatIsNotCertified(double gap) {
    WeightCertificate certificate = new WeightCertificate(1.0, 1.0, gap);
    refused(check(edit(good(1, 1), table -> table.setCertificate(certificate))), Reason.GAP);
  }

  @Test
  void refusesOverloadUnlessTheTableSheds() {
    RoutingWeights full = edit(good(1, 1), 0, engine -> engine.setLoad(0.98));
    refused(check(full), Reason.OVERLOAD);
    ClassPlan shedding = new ClassPlan(RequestClass.FLEX, 20.0, 2.0, 60.0, 60.0);
    assertThat(check(edit(full, table -> table.setClasses(List.of(shedding)))))
        .isInstanceOf(Accepted.class);
    // What others plan for an engine that gets nothing from here is not this table's doing.
    RoutingWeights unused =
        table(1, 1, List.of(engine("a", 1, 0.5, 0.5), engine("b", 0, 0.5, 0.99)));
    assertThat(check(unused)).isInstanceOf(Accepted.class);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, -0.2, Double.POSITIVE_INFINITY})
  void refusesNumbersThatMakeNoSense(double number) {
    RoutingWeights good = good(1, 1);
    refused(check(edit(good, 0, engine -> engine.setWeight(number))), Reason.MALFORMED);
    refused(check(edit(good, 0, engine -> engine.setPrice(number))), Reason.MALFORMED);
    refused(check(edit(good, table -> table.setTau(number))), Reason.MALFORMED);
  }

  @Test
  void refusesTwoPartsForOneEngineAndWeightForOneThatIsExcluded() {
    List<EngineWeight> twice = List.of(engine("a", 0.5, 1, 0.5), engine("a", 0.5, 1, 0.5));
    refused(check(table(1, 1, twice)), Reason.MALFORMED);
    refused(check(edit(good(1, 1), 0, engine -> engine.setExcluded("draining"))), Reason.MALFORMED);
  }

  @Test
  void refusesToLoseCapacityWithoutEvidence() {
    // Given a table without a quarter or so of the capacity
    RoutingWeights fewer =
        table(1, 2, List.of(engine("b", 0.6, 0.3, 0.6), engine("c", 0.4, 0.2, 0.5)));

    // Then it takes evidence against enough of the engines that are missing
    refused(next(fewer, Set.of()), Reason.CAPACITY_REMOVED);
    refused(next(fewer, Set.of("d")), Reason.CAPACITY_REMOVED);
    assertThat(next(fewer, Set.of("a"))).isInstanceOf(Accepted.class);
    // A weight of nothing is as good as none.
    RoutingWeights none = edit(good(1, 2), 0, engine -> engine.setWeight(0));
    refused(
        next(edit(none, 1, engine -> engine.setWeight(0.7)), Set.of()), Reason.CAPACITY_REMOVED);
    // A fifth may go without a word.
    RoutingWeights fifth = edit(good(1, 2), 3, engine -> engine.setWeight(0));
    assertThat(next(edit(fifth, 2, engine -> engine.setWeight(0.3)), Set.of()))
        .isInstanceOf(Accepted.class);
  }
}
