package io.weir.routing.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TenantBucketTest {
  @Test
  void aTenantHasTwoKeysAndTenantsHaveTheirOwn() {
    Set<String> one = new HashSet<>();
    Set<String> other = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      one.add(TenantBucket.key("one", "request-" + i));
      other.add(TenantBucket.key("other", "request-" + i));
    }
    assertThat(one).hasSize(2);
    assertThat(other).hasSize(2).doesNotContainAnyElementsOf(one);
  }
}
