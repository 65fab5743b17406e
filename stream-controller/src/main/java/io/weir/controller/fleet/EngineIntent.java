package io.weir.controller.fleet;

import io.weir.schemas.EngineSpec;
import java.time.Instant;
import java.util.Optional;

/**
 * What is to become of one engine, whatever it is now. It may be applied again to what somebody
 * else wrote in the meantime.
 */
interface EngineIntent {
  /** What is to stand in the topic, or nothing. */
  Optional<EngineSpec> applyTo(Optional<EngineSpec> now);

  /**
   * It is as a configuration file has it, but whether it is drained and when it joined the topic
   * knows better.
   *
   * @param joined when it joins, if it is not there yet; empty for engines a fleet begins with
   */
  static EngineIntent configured(EngineSpec wanted, Optional<Instant> joined) {
    return now ->
        Optional.of(
            EngineSpec.newBuilder(wanted)
                .setAdded(false)
                .setDraining(now.map(EngineSpec::getDraining).orElse(false))
                .setRampFrom(now.map(EngineSpec::getRampFrom).orElse(joined).orElse(null))
                .build());
  }

  /** It is as somebody says at run time. */
  static EngineIntent added(EngineSpec wanted, Instant at) {
    return now ->
        configured(wanted, Optional.of(at))
            .applyTo(now)
            .map(spec -> EngineSpec.newBuilder(spec).setAdded(true).build());
  }

  /** No configuration file has it any more. */
  static EngineIntent vanished() {
    return now -> now.filter(EngineSpec::getAdded);
  }

  /** It is to go. */
  static EngineIntent removed() {
    return now -> Optional.empty();
  }

  /** It is to get no new work. */
  static EngineIntent drained() {
    return now -> now.map(spec -> EngineSpec.newBuilder(spec).setDraining(true).build());
  }

  /** It is to get work again, little at first. */
  static EngineIntent undrained(Instant at) {
    return now ->
        now.map(
            spec ->
                spec.getDraining()
                    ? EngineSpec.newBuilder(spec).setDraining(false).setRampFrom(at).build()
                    : spec);
  }
}
