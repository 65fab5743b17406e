package io.weir.launcher.view;

import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.RequestClass;
import java.util.List;

/** Steps of requests' lives. */
final class Lives {
  private Lives() {}

  static LifecycleEvent dispatched(String source, String engine) {
    return LifecycleEvent.newBuilder()
        .setRequestId("r")
        .setType(LifecycleType.DISPATCHED)
        .setAt(Records.NOW)
        .setMember("d")
        .setSource(source)
        .setPool(Records.POOL)
        .setRequestClass(RequestClass.STANDARD)
        .setTenant("t")
        .setModel("m")
        .setEngine(engine)
        .setClosedAttempts(List.of())
        .build();
  }
}
