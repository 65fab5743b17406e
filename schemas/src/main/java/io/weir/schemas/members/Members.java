package io.weir.schemas.members;

import io.weir.schemas.Member;
import io.weir.schemas.Role;
import java.util.List;
import java.util.Optional;

/**
 * Who was alive at one point of the log.
 *
 * @param clockMillis time of that point, by the log
 * @param live the last heartbeat of everyone alive, by id
 */
public record Members(long clockMillis, List<LiveMember> live) {
  /** Nobody, before anything was read. */
  static final Members NONE = new Members(0, List.of());

  /**
   * A member that is alive.
   *
   * @param member its last heartbeat
   * @param appendedMillis when the log took it
   */
  public record LiveMember(Member member, long appendedMillis) {}

  public Members {
    live = List.copyOf(live);
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
