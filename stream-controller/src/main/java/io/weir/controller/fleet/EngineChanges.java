package io.weir.controller.fleet;

import io.weir.schemas.EngineSpec;
import io.weir.schemas.Topics;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Carries out intents on {@code weir.engines}, where other controllers may write at the same time.
 * Each write is read back; where another's record lies between what was read and what was written,
 * the intent is applied to that record, so that neither change is lost.
 */
final class EngineChanges {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int ROUNDS = 10;

  private final VersionedTable<EngineSpec> table;
  private final TopicWriter writer;

  EngineChanges(VersionedTable<EngineSpec> table, TopicWriter writer) {
    this.table = table;
    this.writer = writer;
  }

  /**
   * One engine's way to what was intended.
   *
   * @param base what the intent is applied to
   * @param standing what stands in the topic as far as this controller knows
   */
  private record Step(Version<EngineSpec> base, Version<EngineSpec> standing) {}

  /**
   * Writes what differs from what was intended.
   *
   * @return how many records were written
   * @throws FleetWriteException if one was not, or others change the same engines all the time
   */
  int carryOut(Map<String, EngineIntent> intents) throws FleetWriteException, InterruptedException {
    Map<String, Step> steps = new LinkedHashMap<>();
    for (String id : intents.keySet()) {
      Version<EngineSpec> now = table.latest(id);
      steps.put(id, new Step(now, now));
    }
    int written = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Map<String, Optional<EngineSpec>> changes = changes(steps, intents);
      if (changes.isEmpty()) {
        return written;
      }
      Map<String, Long> offsets = writer.write(Topics.engines(), changes);
      written += offsets.size();
      if (!table.await(offsets.values(), PATIENCE)) {
        throw new FleetWriteException("What was written to weir.engines cannot be read back.");
      }
      steps = overtaken(steps, changes, offsets);
    }
    throw new FleetWriteException(
        "Others change the same engines all the time: " + String.join(", ", steps.keySet()));
  }

  private static Map<String, Optional<EngineSpec>> changes(
      Map<String, Step> steps, Map<String, EngineIntent> intents) {
    Map<String, Optional<EngineSpec>> changes = new LinkedHashMap<>();
    steps.forEach(
        (id, step) -> {
          Optional<EngineSpec> wanted = intents.get(id).applyTo(step.base().value());
          if (!wanted.equals(step.standing().value())) {
            changes.put(id, wanted);
          }
        });
    return changes;
  }

  /** Those whose write replaced something else than was thought to stand there. */
  private Map<String, Step> overtaken(
      Map<String, Step> steps,
      Map<String, Optional<EngineSpec>> changes,
      Map<String, Long> offsets) {
    Map<String, Step> again = new LinkedHashMap<>();
    offsets.forEach(
        (id, offset) -> {
          Version<EngineSpec> replaced = table.before(id, offset);
          if (replaced.offset() != steps.get(id).standing().offset()) {
            again.put(id, new Step(replaced, new Version<>(changes.get(id), offset)));
          }
        });
    return again;
  }
}
