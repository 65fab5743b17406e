package io.weir.routing.prefix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PromptBlocksTest {
  private static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void theNextTurnOfAConversationSharesTheBlocksOfTheLast() {
    // Given two turns as clients render them: the second repeats the first up to its closing
    // bracket
    String first =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + "a b ".repeat(900);
    String second = first + "\"},{\"role\":\"assistant\",\"content\":\"" + "c d ".repeat(900);
    byte[] one = (first + "\"}]}").getBytes(UTF_8);
    byte[] two = (second + "\"}],\"seed\":1}").getBytes(UTF_8);
    int offset = first.indexOf('[');

    // When
    PromptBlocks before = PromptBlocks.of(one, offset, one.length - offset - 1);
    PromptBlocks after = PromptBlocks.of(two, offset, two.length - offset - 10);

    // Then
    assertThat(before.count()).isEqualTo(3);
    for (int i = 0; i < before.count(); i++) {
      assertThat(after.hash(i)).isEqualTo(before.hash(i));
    }
    assertThat(after.count()).isGreaterThan(before.count());
  }

  @Test
  void oneByteChangesItsBlockAndAllBehindItAndNoneBefore() {
    byte[] body = random(1, 8 * 1024);
    PromptBlocks before = PromptBlocks.of(body, 0, body.length);
    for (int at = 0; at < body.length; at += 97) {
      body[at] ^= 1;
      PromptBlocks after = PromptBlocks.of(body, 0, body.length);
      body[at] ^= 1;
      int block = at / PromptBlocks.BLOCK_BYTES;
      for (int i = 0; i < before.count(); i++) {
        assertThat(after.hash(i) == before.hash(i))
            .as("byte %d, block %d", at, i)
            .isEqualTo(i < block);
      }
    }
  }

  @Test
  void whereThePromptLiesInTheBodyMakesNoDifference() {
    byte[] body = random(2, 5000);
    byte[] moved = new byte[5013];
    System.arraycopy(body, 0, moved, 13, 5000);
    assertThat(PromptBlocks.of(moved, 13, 5000)).isEqualTo(PromptBlocks.of(body, 0, 5000));
  }

  @Test
  void hashesOfManyBlocksDiffer() {
    Set<Long> seen = new HashSet<>();
    byte[] zeros = new byte[64 * 1024];
    for (int tail = 0; tail < 256; tail++) {
      zeros[7] = (byte) tail;
      PromptBlocks blocks = PromptBlocks.of(zeros, 0, zeros.length, 64, 1024);
      for (int i = 0; i < blocks.count(); i++) {
        seen.add(blocks.hash(i));
      }
    }
    assertThat(seen).hasSize(256 * 1024);
  }

  @Test
  void keepsBoundedManyBlocksAndOnlyWholeOnes() {
    byte[] body = random(3, 1_000_000);
    assertThat(PromptBlocks.of(body, 0, body.length).count()).isEqualTo(PromptBlocks.MAX_BLOCKS);
    assertThat(PromptBlocks.of(body, 0, 1023).count()).isZero();
    assertThat(PromptBlocks.of(body, 0, 2047).count()).isOne();
    assertThat(PromptBlocks.of(body, 0, 2048).fraction(1)).isEqualTo(0.5);
    assertThat(PromptBlocks.NONE.fraction(0)).isZero();
  }

  @Test
  void refusesAPartOutsideTheBody() {
    byte[] body = new byte[100];
    assertThatThrownBy(() -> PromptBlocks.of(body, 50, 51))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> PromptBlocks.of(body, 0, 100, 12, 9))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PromptBlocks.ofHashes(new long[2], 16, 31))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
