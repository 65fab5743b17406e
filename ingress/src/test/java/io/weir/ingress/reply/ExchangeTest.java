package io.weir.ingress.reply;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.ingress.memory.MemoryBudget;
import io.weir.schemas.ResponseChunk;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ExchangeTest {
  private final MemoryBudget memory = new MemoryBudget(10_000);
  private final Exchange exchange = new Exchange("r", 1_000, memory, RequestWatch.NONE);

  @Test
  void chunksComeOutInOrder() {
    // When
    exchange.offer(chunk(10), 1);
    exchange.offer(chunk(10), 5);

    // Then
    assertThat(exchange.take()).map(Reply::offset).contains(1L);
    assertThat(exchange.take()).map(Reply::offset).contains(5L);
    assertThat(exchange.take()).isEmpty();
    assertThat(exchange.liveBytes()).isZero();
  }

  @Test
  void whatWouldOverflowIsDroppedWithAllThatWaits() {
    // When
    assertThat(exchange.offer(chunk(500), 1)).isTrue();
    assertThat(exchange.offer(chunk(500), 2)).isFalse();
    assertThat(exchange.offer(chunk(1), 3)).isTrue();

    // Then
    assertThat(exchange.hasDropped()).isTrue();
    assertThat(exchange.take()).isEmpty();
    assertThat(exchange.liveBytes()).isZero();
  }

  @Test
  void afterRejoiningChunksAreLiveAgain() {
    // Given
    exchange.offer(chunk(900), 1);
    exchange.offer(chunk(900), 2);

    // When
    exchange.rejoin();
    exchange.offer(chunk(900), 3);

    // Then
    assertThat(exchange.hasDropped()).isFalse();
    assertThat(exchange.take()).map(Reply::offset).contains(3L);
  }

  @Test
  void oneChunkAlwaysFits() {
    assertThat(exchange.offer(chunk(5_000), 1)).isTrue();
    assertThat(exchange.take()).isPresent();
  }

  @Test
  void whatAllHoldTogetherIsBoundedToo() {
    // Given others that hold nearly everything
    assertThat(memory.take(9_500)).isTrue();

    // When
    assertThat(exchange.offer(chunk(600), 1)).isFalse();

    // Then it is read from Kafka later, and nothing is held meanwhile
    assertThat(exchange.hasDropped()).isTrue();
    assertThat(memory.left()).isEqualTo(500);
  }

  @Test
  void allMemoryIsGivenBack() {
    // Given
    exchange.offer(chunk(100), 1);
    exchange.offer(chunk(100), 2);
    exchange.take();
    assertThat(memory.left()).isLessThan(10_000);

    // When
    exchange.close();
    exchange.offer(chunk(100), 3);

    // Then
    assertThat(memory.left()).isEqualTo(10_000);
  }

  @Test
  void theFirstReasonToEndStands() {
    exchange.interrupt(Interruption.CLIENT_GONE);
    exchange.interrupt(Interruption.SHUTTING_DOWN);
    assertThat(exchange.interruption()).isEqualTo(Interruption.CLIENT_GONE);
  }

  @Test
  void aSliceOfAFetchIsCopiedOut() {
    // Given a chunk whose data is a small part of a large array
    ResponseChunk sliced = chunk(ByteBuffer.wrap(new byte[100_000], 50_000, 10).slice());

    // When
    ResponseChunk owned = ReplyReader.owned(sliced);

    // Then
    assertThat(owned).isEqualTo(sliced);
    assertThat(owned.getData().capacity()).isEqualTo(10);
    assertThat(ReplyReader.owned(owned)).isSameAs(owned);
  }

  private static ResponseChunk chunk(int bytes) {
    return chunk(ByteBuffer.allocate(bytes));
  }

  private static ResponseChunk chunk(ByteBuffer data) {
    return ResponseChunk.newBuilder()
        .setRequestId("r")
        .setAttemptId("a")
        .setAttempt(1)
        .setData(data)
        .setFirstSeq(0)
        .setCount(0)
        .build();
  }
}
