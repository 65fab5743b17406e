package io.weir.dispatcher;

import io.weir.dispatcher.EngineDirectory.Hosting;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.Member;
import io.weir.schemas.Role;
import io.weir.schemas.members.LeaseTerms;
import io.weir.schemas.members.Members;
import io.weir.schemas.members.Membership;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sees at a steady beat which part of each pool's work is this dispatcher's, and how it stands. */
final class Shares implements AutoCloseable {
  private final String member;
  private final String source;
  private final List<PoolDesk> desks;
  private final Hosting hosting;
  private final Membership membership;
  private final Map<String, ServedElsewhere> served = new HashMap<>();

  /**
   * Begins to follow the others.
   *
   * @param member id of this dispatcher
   */
  Shares(KafkaSettings kafka, String member, String source, List<PoolDesk> desks, Hosting hosting) {
    this.member = member;
    this.source = source;
    this.desks = List.copyOf(desks);
    this.hosting = hosting;
    desks.forEach(desk -> served.put(desk.pool(), new ServedElsewhere()));
    this.membership = Membership.follow(kafka, member, LeaseTerms.STANDARD, members -> {});
  }

  /** True if somebody is alive who takes care of what a dispatcher leaves behind. */
  boolean controllerLives() {
    return !membership.current().of(Role.CONTROLLER).isEmpty();
  }

  void review() {
    Members members = membership.current();
    List<Member> others =
        members.of(Role.DISPATCHER).stream()
            .filter(each -> !each.getId().equals(member))
            .filter(each -> each.getSource().filter(source::equals).isPresent())
            .toList();
    for (PoolDesk desk : desks) {
      desk.servedElsewhere(served.get(desk.pool()).news(others, desk.pool()));
      hosting.place(desk, desk.review(Share.of(members, member, source, desk.load())));
    }
  }

  @Override
  public void close() {
    membership.close();
  }
}
