package io.weir.dispatcher;

import io.weir.routing.pick.Allotment;
import io.weir.schemas.EngineLoad;
import io.weir.schemas.Member;
import io.weir.schemas.PoolLoad;
import io.weir.schemas.Role;
import io.weir.schemas.members.Members;

/**
 * This dispatcher's part of its source's work in one pool.
 *
 * @param part 0 to 1
 * @param ofSource dispatchers of the source, this one included
 * @param dispatchers of all sources that send to the pool's engines, this one included
 */
record Share(double part, int ofSource, int dispatchers) {
  /** Before others are known. */
  static final Share ALONE = new Share(1, 1, 1);

  /** What a dispatcher has of a pool: requests ready and in flight. */
  static long work(PoolLoad load) {
    long work = load.getReady();
    for (EngineLoad engine : load.getEngines()) {
      work += engine.getInFlight();
    }
    return work;
  }

  /**
   * The part by what everybody's last heartbeats say.
   *
   * @param self id of this dispatcher
   * @param own what it has now
   */
  static Share of(Members members, String self, String source, PoolLoad own) {
    long mine = work(own);
    long all = mine;
    int ofSource = 1;
    int dispatchers = 1;
    for (Member other : members.of(Role.DISPATCHER)) {
      if (other.getId().equals(self)) {
        continue;
      }
      for (PoolLoad load : other.getPools()) {
        if (load.getPool().equals(own.getPool())) {
          dispatchers++;
          if (other.getSource().filter(source::equals).isPresent()) {
            ofSource++;
            all += work(load);
          }
        }
      }
    }
    return new Share(
        ofSource == 1 ? 1 : Allotment.share(mine, all, ofSource), ofSource, dispatchers);
  }
}
