package io.weir.ingress.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.IdempotentRequest;
import io.weir.schemas.ReplyAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class KeyTableTest {
  private static final long LIFE = 1_000;

  private final KeyTable table = new KeyTable(2, Duration.ofMillis(LIFE));

  @Test
  void theFirstRecordOfAKeyWins() {
    // When
    table.apply("k", request("a"), 10);
    table.apply("k", request("b"), 20);

    // Then
    assertThat(table.find("k", 30)).isEqualTo(new KeyTable.Known.Request(request("a")));
    assertThat(table.find("other", 30)).isEqualTo(new KeyTable.Known.Free());
  }

  @Test
  void whoAwaitsAKeyHearsOfTheWinnerAndNotOfTheRecordRead() {
    // Given
    table.apply("k", request("a"), 10);
    CompletableFuture<IdempotentRequest> mine = table.next("k");

    // When
    table.apply("k", request("mine"), 20);

    // Then
    assertThat(mine).isCompletedWithValue(request("a"));
  }

  @Test
  void whoAwaitsAFreeKeyWins() {
    // Given
    CompletableFuture<IdempotentRequest> mine = table.next("k");

    // When
    table.apply("k", request("mine"), 20);

    // Then
    assertThat(mine).isCompletedWithValue(request("mine"));
  }

  @Test
  void aDeadRecordIsNone() {
    // Given
    table.apply("k", request("a"), 10);
    assertThat(table.find("k", 10 + LIFE - 1)).isInstanceOf(KeyTable.Known.Request.class);
    assertThat(table.find("k", 10 + LIFE)).isEqualTo(new KeyTable.Known.Free());

    // When
    table.apply("k", request("b"), 10 + LIFE);

    // Then
    assertThat(table.find("k", 11 + LIFE)).isEqualTo(new KeyTable.Known.Request(request("b")));
    assertThat(table.size()).isEqualTo(1);
  }

  @Test
  void whatFindsNoRoomMakesUnknownWhatTheTableLacksUntilItIsDead() {
    // Given
    table.apply("a", request("a"), 0);
    table.apply("b", request("b"), 5);

    // When
    table.apply("c", request("c"), 10);

    // Then
    assertThat(table.size()).isEqualTo(2);
    assertThat(table.find("a", 20)).isEqualTo(new KeyTable.Known.Request(request("a")));
    assertThat(table.find("c", 20)).isEqualTo(new KeyTable.Known.Unknown());
    assertThat(table.find("d", 20)).isEqualTo(new KeyTable.Known.Unknown());
    assertThat(table.find("d", 10 + LIFE)).isEqualTo(new KeyTable.Known.Free());

    // and the dead make room
    table.apply("e", request("e"), 5 + LIFE);
    assertThat(table.find("e", 6 + LIFE)).isEqualTo(new KeyTable.Known.Request(request("e")));
  }

  private static IdempotentRequest request(String id) {
    return new IdempotentRequest(
        id,
        "tenant",
        "digest",
        "here",
        "/v1/chat/completions",
        false,
        new ReplyAddress("weir.responses.here", 0, 1L),
        Instant.EPOCH,
        Instant.EPOCH,
        true);
  }
}
