package io.weir.controller.requests;

import io.weir.routing.request.Deaths;
import io.weir.routing.request.Recovery;
import io.weir.routing.request.RecoveryPolicy;
import io.weir.routing.request.RecoveryVerdict;
import io.weir.routing.request.RecoveryVerdict.Close;
import io.weir.routing.request.RecoveryVerdict.Contest;
import io.weir.routing.request.RecoveryVerdict.End;
import io.weir.routing.request.RecoveryVerdict.Leave;
import io.weir.routing.request.RecoveryVerdict.Reset;
import io.weir.routing.request.RecoveryVerdict.RunAgain;
import io.weir.routing.request.RecoveryVerdict.Settle;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.RequestState;
import io.weir.schemas.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Recovers some requests together, so that each write of all of them waits once, and each reply
 * partition is read once. What is written, and in which order, {@link Recovery} says.
 */
final class RecoveryBatch {
  /** A request needs three or four; more only if somebody else writes all the time. */
  private static final int MOST_ROUNDS = 12;

  private final Rules rules;
  private final RecoveryRecords records;
  private final RecoveryLog log;
  private final LogReader replies;
  private final BiConsumer<Case, RecoveryVerdict> done;
  private final Map<TopicPartition, Long> readTo = new HashMap<>();

  /**
   * What is decided by.
   *
   * @param policies by pool
   * @param clockMillis the log's clock, milliseconds since the epoch
   * @param mayAct false as soon as others may have taken over
   */
  record Rules(
      Deaths deaths,
      Function<String, RecoveryPolicy> policies,
      LongSupplier clockMillis,
      BooleanSupplier mayAct) {}

  /** What is to be written for a request next, one after the other. */
  private record Step(
      Case of, RecoveryVerdict verdict, List<ProducerRecord<String, SpecificRecord>> writes) {}

  /**
   * @param done hears of every request whose recovery is complete, or needs nothing
   */
  RecoveryBatch(
      Rules rules,
      RecoveryRecords records,
      RecoveryLog log,
      LogReader replies,
      BiConsumer<Case, RecoveryVerdict> done) {
    this.rules = rules;
    this.records = records;
    this.log = log;
    this.replies = replies;
    this.done = done;
  }

  /**
   * Goes as far as it gets. What is not done is taken up again from what then stands in the logs.
   *
   * @param states of requests that are known, with everything that stood in the log when they were
   *     found
   * @return how far the lifecycle was written, by request id: offsets of the last events
   * @throws KafkaException if the reply partitions cannot be read
   */
  Map<String, Long> run(List<RequestState> states) throws InterruptedException {
    Map<String, Long> written = new HashMap<>();
    List<Case> open = new ArrayList<>();
    List<Step> contests = new ArrayList<>();
    for (RequestState state : states) {
      Case each = new Case(state);
      switch (decide(each)) {
        case Leave leave -> done.accept(each, leave);
        case Contest contest -> contests.add(step(each, contest));
        default -> open.add(each);
      }
    }
    open.addAll(carryOut(contests, written));
    for (int round = 0; round < MOST_ROUNDS && !open.isEmpty(); round++) {
      readOn(open);
      List<Step> steps = new ArrayList<>();
      for (Case each : open) {
        RecoveryVerdict verdict = decide(each);
        if (verdict instanceof Leave) {
          done.accept(each, verdict);
        } else {
          steps.add(step(each, verdict));
        }
      }
      open = carryOut(steps, written);
    }
    return written;
  }

  private RecoveryVerdict decide(Case of) {
    return Recovery.decide(
        of.state(),
        of.reading(),
        rules.deaths(),
        rules.policies().apply(of.state().getPool()),
        rules.clockMillis().getAsLong());
  }

  private Step step(Case of, RecoveryVerdict verdict) {
    RequestState state = of.state();
    List<ProducerRecord<String, SpecificRecord>> writes =
        switch (verdict) {
          case Leave leave -> List.of();
          case Contest contest -> List.of(records.contested(state));
          case Reset reset -> List.of(records.reset(state, reset));
          case End end -> List.of(records.end(state, end));
          case RunAgain again ->
              List.of(records.requeue(state, again), records.requeued(state, again.closed()));
          case Close close -> List.of(records.requeued(state, close.closed()));
          case Settle settle -> settled(state, settle);
        };
    return new Step(of, verdict, writes);
  }

  private List<ProducerRecord<String, SpecificRecord>> settled(RequestState state, Settle settle) {
    ProducerRecord<String, SpecificRecord> terminal = records.terminal(state, settle);
    return settle.terminal() == LifecycleType.DEAD_LETTERED
        ? List.of(records.deadLetter(state, settle.failure().orElseThrow()), terminal)
        : List.of(terminal);
  }

  /** Writes; returns those that go on after what was written. */
  private List<Case> carryOut(List<Step> steps, Map<String, Long> written)
      throws InterruptedException {
    List<Step> left = steps;
    List<Case> open = new ArrayList<>();
    for (int write = 0; !left.isEmpty(); write++) {
      if (!rules.mayAct().getAsBoolean()) {
        return List.of();
      }
      int now = write;
      List<Optional<RecordMetadata>> places =
          log.write(left.stream().map(step -> step.writes().get(now)).toList());
      List<Step> next = new ArrayList<>();
      for (int i = 0; i < left.size(); i++) {
        Step step = left.get(i);
        Optional<RecordMetadata> place = places.get(i);
        if (place.isEmpty()) {
          continue;
        }
        wrote(step, now, place.get(), written);
        if (now + 1 < step.writes().size()) {
          next.add(step);
        } else if (isLast(step.verdict())) {
          done.accept(step.of(), step.verdict());
        } else {
          open.add(step.of());
        }
      }
      left = next;
    }
    return open;
  }

  private static void wrote(Step step, int write, RecordMetadata place, Map<String, Long> written) {
    if (place.topic().equals(Topics.lifecycle())
        && step.writes().get(write).value() instanceof LifecycleEvent event) {
      step.of().wrote(event, place.offset());
      written.put(step.of().id(), place.offset());
    }
  }

  private static boolean isLast(RecoveryVerdict verdict) {
    return switch (verdict) {
      case Leave leave -> true;
      case Contest contest -> false;
      case Reset reset -> false;
      case End end -> false;
      case RunAgain again -> true;
      case Close close -> true;
      case Settle settle -> true;
    };
  }

  /** Reads everyone's reply partition to its end, from where it was read to before. */
  private void readOn(List<Case> open) {
    Map<TopicPartition, Map<String, Case>> byPartition =
        open.stream()
            .collect(
                Collectors.groupingBy(
                    Case::replies, Collectors.toMap(Case::id, Function.identity())));
    byPartition.forEach(
        (partition, cases) -> {
          long from =
              readTo.computeIfAbsent(
                  partition,
                  any -> cases.values().stream().mapToLong(Case::repliesFrom).min().orElseThrow());
          long end =
              replies.read(
                  partition,
                  from,
                  (offset, chunk) -> {
                    Case of = cases.get(chunk.getRequestId());
                    if (of != null && offset >= of.repliesFrom()) {
                      of.read(offset, chunk);
                    }
                  });
          readTo.put(partition, Math.max(from, end));
        });
  }
}
