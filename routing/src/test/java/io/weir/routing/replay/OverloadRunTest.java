package io.weir.routing.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.routing.engine.EngineProfiles;
import io.weir.routing.replay.OverloadResult.ClassOutcome;
import io.weir.routing.replay.OverloadResult.TenantOutcome;
import io.weir.schemas.RequestClass;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OverloadRunTest {
  private static final List<Double> VALUES = List.of(8.0, 4.0, 2.0, 1.0);

  private static OverloadScenario scenario(int requests) {
    List<ReplayEngine> engines = new ArrayList<>();
    for (String name : List.of("a100-llama-3-8b", "h100-llama-3-8b")) {
      engines.add(
          new ReplayEngine(
              name,
              EngineProfiles.named(name).orElseThrow().withCache(800, SyntheticTrace.BLOCK, 0),
              "here"));
    }
    List<TraceRequest> unshared =
        SyntheticTrace.conversations(requests, 10, 7).requests().stream()
            .map(
                each ->
                    new TraceRequest(
                        each.arrivalNanos(),
                        1 + each.promptTokens() % 3000,
                        each.outputTokens(),
                        new long[0]))
            .toList();
    return new OverloadScenario(engines, new Trace(unshared, 0), OverloadMix.usual(VALUES), 1);
  }

  @ParameterizedTest
  @EnumSource(OverloadPolicy.class)
  void everyRequestEndsAndTheSameWayEachTime(OverloadPolicy policy) {
    OverloadScenario scenario = scenario(600);
    OverloadResult result = OverloadRun.run(scenario, policy, 1.5);
    assertThat(result.classes().stream().mapToInt(ClassOutcome::requests).sum()).isEqualTo(600);
    assertThat(result.tenants().stream().mapToDouble(TenantOutcome::served).sum())
        .isCloseTo(1, within(1e-9));
    for (ClassOutcome each : result.classes()) {
      double answered = (double) each.ttft().count() / each.requests();
      assertThat(answered + each.shed() + each.dropped()).isCloseTo(1, within(1e-9));
      assertThat(each.met()).isLessThanOrEqualTo(answered);
    }
    assertThat(OverloadRun.run(scenario, policy, 1.5)).isEqualTo(result);
  }

  @ParameterizedTest
  @EnumSource(OverloadPolicy.class)
  void whatIsAskedOfAnIdleFleetIsServed(OverloadPolicy policy) {
    OverloadResult result = OverloadRun.run(scenario(300), policy, 0.2);
    assertThat(result.value()).isGreaterThan(0.99);
    assertThat(result.wasted()).isLessThan(0.01);
  }

  @Test
  void underOverloadTheRightRequestsAreServedFirst() {
    // Given twice what the fleet can serve
    OverloadScenario scenario = scenario(3000);
    OverloadResult weir = OverloadRun.run(scenario, OverloadPolicy.WEIR, 2);

    // Then priority feels nothing, next to nothing is wasted, and every other policy is far behind
    assertThat(weir.outcome(RequestClass.PRIORITY).met()).isGreaterThanOrEqualTo(0.99);
    assertThat(weir.wasted()).isLessThanOrEqualTo(0.05);
    for (OverloadPolicy policy : OverloadPolicy.values()) {
      if (policy != OverloadPolicy.WEIR) {
        assertThat(OverloadRun.run(scenario, policy, 2).value())
            .as(policy.label())
            .isLessThan(weir.value() - 0.1);
      }
    }

    // And the tenant that asks for most loses most
    List<TenantOutcome> tenants = weir.tenants();
    assertThat(tenants.stream().skip(1))
        .allMatch(tenant -> tenant.met() > tenants.getFirst().met());
  }
}
