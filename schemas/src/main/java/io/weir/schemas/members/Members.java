package io.weir.schemas.members;

import io.weir.schemas.Member;
import io.weir.schemas.Role;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who was alive at one point of the log.
 *
 * @param clockMillis time of that point, by the log
 * @param live the last heartbeat of everyone alive, by id
 * @param gone ids of those who were heard of in the last hour, and are dead or have left
 */
public record Members(long clockMillis, List<LiveMember> live, Set<String> gone) {
  /** Nobody, before anything was read. */
  static final Members NONE = new Members(0, List.of());

  /** Everyone who was heard of is alive. */
  public Members(long clockMillis, List<LiveMember> live) {
    this(clockMillis, live, Set.of());
  }

  /**
   * A member that is alive.
   *
   * @param member its last heartbeat
   * @param appendedMillis when the log took it
   */
  public record LiveMember(Member member, long appendedMillis) {}

  public Members {
    live = List.copyOf(live);
    gone = Set.copyOf(gone);
  }

  /** The last heartbeats of everyone alive in a role, by id. */
  public List<Member> of(Role role) {
    return live.stream().map(LiveMember::member).filter(each -> each.getRole() == role).toList();
  }

  /** The ids of everyone alive in a role, sorted. */
  public List<String> ids(Role role) {
    return of(role).stream().map(Member::getId).toList();
  }

  /** The last heartbeat of a member that is alive. */
  public Optional<Member> find(String id) {
    return live.stream()
        .map(LiveMember::member)
        .filter(each -> each.getId().equals(id))
        .findFirst();
  }
}
