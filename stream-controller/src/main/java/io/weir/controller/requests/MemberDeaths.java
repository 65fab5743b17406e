package io.weir.controller.requests;

import io.weir.routing.request.Deaths;
import io.weir.schemas.Member;
import io.weir.schemas.members.LeaseTerms;
import io.weir.schemas.members.Members;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Who is dead, by the heartbeats in the log. Of a member that was never heard of a claim may have
 * been read before its first heartbeat: it has as long as a silent one. Safe for any number of
 * threads.
 */
final class MemberDeaths implements Deaths {
  /** Far more than there can be at once. */
  private static final int MOST_STRANGERS = 10_000;

  private final Supplier<Members> members;
  private final long silenceMillis;

  /** By the log's clock, when each was asked for first. */
  private final Map<String, Long> strangers = new HashMap<>();

  MemberDeaths(Supplier<Members> members, LeaseTerms terms) {
    this.members = members;
    this.silenceMillis = terms.silence().toMillis();
  }

  /** The clock of the log in milliseconds since the epoch; 0 before it was read. */
  long clockMillis() {
    return members.get().clockMillis();
  }

  @Override
  public boolean isDead(String member, long epoch) {
    Members now = members.get();
    if (now.clockMillis() == 0) {
      return false;
    }
    Optional<Member> alive = now.find(member);
    if (alive.isPresent()) {
      return alive.get().getEpoch() > epoch;
    }
    return now.gone().contains(member) || isStrangerGone(member, now.clockMillis());
  }

  private synchronized boolean isStrangerGone(String member, long clockMillis) {
    if (strangers.size() >= MOST_STRANGERS) {
      strangers.values().removeIf(since -> clockMillis - since > 2 * silenceMillis);
    }
    return clockMillis - strangers.computeIfAbsent(member, any -> clockMillis) > silenceMillis;
  }
}
