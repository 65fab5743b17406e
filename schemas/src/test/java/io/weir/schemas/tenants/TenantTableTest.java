package io.weir.schemas.tenants;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.Tenant;
import io.weir.schemas.TenantKey;
import io.weir.schemas.TrustedRecords;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TenantTableTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_000L);

  static {
    TrustedRecords.install();
  }

  private final TenantTable table = new TenantTable(2, 2);

  @Test
  void aTenantIsWhatItsLastRecordSays() {
    // Given
    table.apply("acme", Optional.of(tenant("acme", 2)));

    // When
    table.apply("acme", Optional.of(tenant("acme", 5)));

    // Then
    assertThat(table.weight("acme")).isEqualTo(5);
    assertThat(table.tenant("acme")).isPresent();
  }

  @Test
  void whoIsNotKnownWeighsOne() {
    // Given
    table.apply("acme", Optional.of(tenant("acme", 2)));

    // When
    table.apply("acme", Optional.empty());

    // Then
    assertThat(table.weight("acme")).isEqualTo(1);
    assertThat(table.tenant("acme")).isEmpty();
  }

  @Test
  void aRevokedKeyIsFoundAndSaysSo() {
    // Given
    TenantKey key = key("k1", "aa");
    table.applyKey("k1", Optional.of(key));

    // When
    table.applyKey("k1", Optional.of(TenantKey.newBuilder(key).setRevokedAt(NOW).build()));

    // Then
    assertThat(table.key("aa").orElseThrow().getRevokedAt()).contains(NOW);
    assertThat(table.hasKeys()).isTrue();
  }

  @Test
  void aRemovedKeyIsNotFound() {
    // Given
    table.applyKey("k1", Optional.of(key("k1", "aa")));

    // When
    table.applyKey("k1", Optional.empty());

    // Then
    assertThat(table.key("aa")).isEmpty();
    assertThat(table.hasKeys()).isFalse();
  }

  @Test
  void aKeyWithAnotherDigestIsNoLongerFoundByTheOld() {
    // Given
    table.applyKey("k1", Optional.of(key("k1", "aa")));

    // When
    table.applyKey("k1", Optional.of(key("k1", "bb")));

    // Then
    assertThat(table.key("aa")).isEmpty();
    assertThat(table.key("bb")).isPresent();
  }

  @Test
  void thereAreNoMoreThanItHasRoomFor() {
    // Given
    table.apply("a", Optional.of(tenant("a", 2)));
    table.apply("b", Optional.of(tenant("b", 2)));
    table.applyKey("k1", Optional.of(key("k1", "aa")));
    table.applyKey("k2", Optional.of(key("k2", "bb")));

    // When
    table.apply("c", Optional.of(tenant("c", 2)));
    table.apply("a", Optional.of(tenant("a", 3)));
    table.applyKey("k3", Optional.of(key("k3", "cc")));

    // Then
    assertThat(table.tenant("c")).isEmpty();
    assertThat(table.weight("a")).isEqualTo(3);
    assertThat(table.key("cc")).isEmpty();
  }

  private static Tenant tenant(String name, double weight) {
    return Tenant.newBuilder().setName(name).setWeight(weight).setChangedAt(NOW).build();
  }

  private static TenantKey key(String id, String digest) {
    return TenantKey.newBuilder()
        .setId(id)
        .setTenant("acme")
        .setSha256(digest)
        .setCreatedAt(NOW)
        .build();
  }
}
