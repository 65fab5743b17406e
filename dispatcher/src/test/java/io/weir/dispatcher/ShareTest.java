package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.schemas.EngineLoad;
import io.weir.schemas.Member;
import io.weir.schemas.PoolLoad;
import io.weir.schemas.Role;
import io.weir.schemas.members.Members;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ShareTest {
  @Test
  void aloneItIsAll() {
    assertThat(Share.of(members(), "me", "here", load("p", 0, 0))).isEqualTo(new Share(1, 1, 1));
    assertThat(
            Share.of(members(member("me", "here", load("p", 9, 9))), "me", "here", load("p", 1, 0)))
        .isEqualTo(new Share(1, 1, 1));
  }

  @Test
  void followsTheWorkOfTheSource() {
    // Given a dispatcher of this source that has three times as much, and one elsewhere
    Members members =
        members(
            member("other", "here", load("p", 10, 19)),
            member("far", "there", load("p", 1000, 1000)),
            member("unrelated", "here", load("q", 500, 0)));

    // When
    Share share = Share.of(members, "me", "here", load("p", 4, 5));

    // Then
    assertThat(share.part()).isCloseTo(0.25, within(1e-9));
    assertThat(share.dispatchers()).isEqualTo(3);
  }

  private static PoolLoad load(String pool, int ready, int inFlight) {
    return PoolLoad.newBuilder()
        .setPool(pool)
        .setReady(ready)
        .setEngines(List.of(new EngineLoad("e", inFlight)))
        .setLanes(List.of())
        .setTenants(List.of())
        .build();
  }

  private static Member member(String id, String source, PoolLoad load) {
    return Member.newBuilder()
        .setId(id)
        .setRole(Role.DISPATCHER)
        .setSource(source)
        .setEpoch(1)
        .setBeat(1)
        .setAt(Instant.EPOCH)
        .setStartedAt(Instant.EPOCH)
        .setAddress("http://127.0.0.1:1")
        .setLeaving(false)
        .setPools(List.of(load))
        .setUses(List.of())
        .build();
  }

  private static Members members(Member... all) {
    return new Members(0, Stream.of(all).map(each -> new Members.LiveMember(each, 0)).toList());
  }
}
