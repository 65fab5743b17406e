package io.weir.launcher.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.Arrays;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** Which module may use which, and what the decisions must not know. */
class ArrowsTest {
  private static final JavaClasses WEIR =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.weir");

  /** A module uses of Weir only itself and these. */
  private static ArchRule uses(String module, String... others) {
    String[] allowed =
        Arrays.stream(others).map(other -> "io.weir." + other + "..").toArray(String[]::new);
    DescribedPredicate<JavaClass> elsewhere =
        resideInAPackage("io.weir..")
            .and(DescribedPredicate.not(resideInAPackage("io.weir." + module + "..")))
            .and(DescribedPredicate.not(resideInAnyPackage(allowed)));
    return noClasses()
        .that()
        .resideInAPackage("io.weir." + module + "..")
        .should()
        .dependOnClassesThat(elsewhere)
        .as(module + " uses of Weir only " + Arrays.toString(others));
  }

  private static String module(JavaClass type) {
    String name = type.getPackageName().substring("io.weir.".length());
    return name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
  }

  @Test
  void everyModuleIsLookedAt() {
    assertThat(WEIR.stream().map(type -> module(type)).distinct())
        .containsExactlyInAnyOrder(
            "schemas",
            "routing",
            "embedded",
            "sim",
            "ingress",
            "dispatcher",
            "controller",
            "flink",
            "launcher");
  }

  @Test
  void modulesUseOnlyWhatTheyMay() {
    CompositeArchRule.of(uses("schemas"))
        .and(uses("routing", "schemas"))
        .and(uses("embedded", "schemas"))
        .and(uses("sim", "routing"))
        .and(uses("ingress", "schemas", "routing"))
        .and(uses("dispatcher", "schemas", "routing"))
        .and(uses("controller", "schemas", "routing"))
        .and(uses("flink", "schemas", "routing"))
        .check(WEIR);
  }

  @Test
  void aForbiddenArrowWouldBeFound() {
    assertThatThrownBy(() -> uses("launcher", "schemas").check(WEIR))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("io.weir.ingress");
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.weir.(*)..").should().beFreeOfCycles().check(WEIR);
    slices().matching("io.weir.launcher.(*)..").should().beFreeOfCycles().check(WEIR);
    slices().matching("io.weir.routing.(*)..").should().beFreeOfCycles().check(WEIR);
  }

  @Test
  void decisionsKnowNoShell() {
    noClasses()
        .that()
        .resideInAPackage("io.weir.routing..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.kafka..",
            "org.apache.flink..",
            "io.helidon..",
            "io.micrometer..",
            "java.net.http..")
        .check(WEIR);
  }

  @Test
  void decisionsHaveNoClockAndNoThread() {
    noClasses()
        .that()
        .resideInAPackage("io.weir.routing..")
        .should()
        .callMethodWhere(readsTheClock())
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Thread.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Executor.class)
        .check(WEIR);
  }

  private static DescribedPredicate<JavaCall<?>> readsTheClock() {
    return DescribedPredicate.describe(
        "reads a clock of its own",
        call -> {
          String owner = call.getTargetOwner().getName();
          String name = call.getTarget().getName();
          boolean now = name.equals("now") && call.getTarget().getRawParameterTypes().isEmpty();
          return (owner.equals("java.lang.System")
                  && (name.equals("nanoTime") || name.equals("currentTimeMillis")))
              || (owner.equals("java.time.Clock") && name.startsWith("system"))
              || (owner.startsWith("java.time.") && now);
        });
  }

  @Test
  void namesSayWhatAThingIs() {
    noClasses()
        .that()
        .resideInAPackage("io.weir..")
        .should()
        .haveNameMatching(".*(Manager|Helper|Utils?|Impl)(\\$.*)?")
        .check(WEIR);
  }
}
