package io.weir.routing.prefix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EarlyBlockTest {
  @Test
  void dependsOnEveryByteAndOnNothingElse() {
    // Given
    byte[] bytes = new byte[EarlyBlock.BYTES + 16];
    new Random(3).nextBytes(bytes);
    long hash = EarlyBlock.hash(bytes, 3, EarlyBlock.BYTES);
    Set<Long> seen = new HashSet<>(Set.of(hash));

    // When / Then
    for (int i = 0; i < EarlyBlock.BYTES; i++) {
      bytes[3 + i]++;
      assertThat(seen.add(EarlyBlock.hash(bytes, 3, EarlyBlock.BYTES))).isTrue();
      bytes[3 + i]--;
    }
    bytes[2]++;
    bytes[3 + EarlyBlock.BYTES]++;
    assertThat(EarlyBlock.hash(bytes, 3, EarlyBlock.BYTES)).isEqualTo(hash);
  }

  @Test
  void isTheSameEverywhere() {
    assertThat(EarlyBlock.hash(new byte[16], 0, 16))
        .isEqualTo(EarlyBlock.hash(new byte[17], 1, 16));
    assertThat(EarlyBlock.hash("0123456789abcdef".getBytes(UTF_8), 0, 16))
        .isEqualTo(-1167427203334881566L);
  }
}
