package io.weir.schemas.members;

import io.weir.schemas.Member;
import io.weir.schemas.Role;
import io.weir.schemas.members.Members.LiveMember;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the heartbeats in the log say about who is alive. A member is dead when the clock is more
 * than lease and margin past its last heartbeat; the clock is the newest heartbeat of a controller,
 * or of anybody where all controllers have been silent for as long. Only times that the log gave
 * are compared, so it does not matter how late or how slowly the log is read.
 */
final class MemberLog {
  private static final long FORGET_MILLIS = Duration.ofHours(1).toMillis();

  /** Far more than there are; more are ids that somebody makes up. */
  private static final int MOST = 10_000;

  private final long silenceMillis;
  private final Map<String, LiveMember> last = new TreeMap<>();
  private long newestMillis;
  private long tickMillis;

  MemberLog(LeaseTerms terms) {
    this.silenceMillis = terms.silence().toMillis();
  }

  /** Takes the next record; a key without value is a member that is to be forgotten. */
  void apply(String id, Optional<Member> heartbeat, long appendedMillis) {
    if (heartbeat.isEmpty()) {
      last.remove(id);
      return;
    }
    Member member = heartbeat.get();
    newestMillis = Math.max(newestMillis, appendedMillis);
    if (member.getRole() == Role.CONTROLLER) {
      tickMillis = Math.max(tickMillis, appendedMillis);
    }
    LiveMember before = last.get(id);
    // An instance that was thought dead may still send what it had under way.
    if (before == null || before.member().getEpoch() <= member.getEpoch()) {
      last.put(id, new LiveMember(member, appendedMillis));
    }
    forget();
  }

  /** Who is alive now. */
  Members members() {
    long clock = clockMillis();
    List<LiveMember> live = new ArrayList<>();
    Set<String> gone = new HashSet<>();
    for (LiveMember each : last.values()) {
      if (!each.member().getLeaving() && clock - each.appendedMillis() <= silenceMillis) {
        live.add(each);
      } else {
        gone.add(each.member().getId());
      }
    }
    return new Members(clock, live, gone);
  }

  private long clockMillis() {
    return newestMillis - tickMillis > silenceMillis ? newestMillis : tickMillis;
  }

  private void forget() {
    last.values().removeIf(each -> newestMillis - each.appendedMillis() > FORGET_MILLIS);
    while (last.size() > MOST) {
      last.entrySet().stream()
          .min(Comparator.comparingLong(entry -> entry.getValue().appendedMillis()))
          .map(Map.Entry::getKey)
          .ifPresent(last::remove);
    }
  }
}
