package io.weir.controller.batches;

import io.weir.controller.tenants.TenantRules;
import io.weir.routing.fleet.Fleet;
import io.weir.schemas.BatchStatus;
import io.weir.schemas.KafkaSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs all batches while this controller is the one to do it. That two believe so at once does no
 * harm: the log that both write takes only the later one's records. After any trouble everything is
 * begun anew from what stands in Kafka.
 */
public final class BatchRunner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BatchRunner.class);
  private static final Duration LOOK = Duration.ofMillis(250);
  private static final Duration IDLE = Duration.ofMillis(20);
  private static final Duration REST = Duration.ofSeconds(1);

  private final Shell shell;
  private final BooleanSupplier leads;
  private final Thread thread;
  private volatile Map<BatchStatus, Integer> counts = Map.of();
  private volatile boolean closed;

  /**
   * What it works with.
   *
   * @param instance its name among all members
   * @param fleet the models there are
   * @param lines counts the lines that were handed out
   * @param tenants what their batches may do
   */
  record Shell(
      KafkaSettings kafka,
      String instance,
      BatchesConfig config,
      Supplier<Fleet> fleet,
      Clock clock,
      LongAdder lines,
      TenantRules tenants) {}

  /**
   * Begins; returns at once.
   *
   * @param instance its name among all members
   * @param leads true while it is this controller's turn; asked often
   * @param tenants what their batches may do
   */
  public BatchRunner(
      KafkaSettings kafka,
      String instance,
      BatchesConfig config,
      Supplier<Fleet> fleet,
      BooleanSupplier leads,
      TenantRules tenants) {
    this.shell =
        new Shell(kafka, instance, config, fleet, Clock.systemUTC(), new LongAdder(), tenants);
    this.leads = leads;
    this.thread = Thread.ofPlatform().daemon().name("weir-batches-" + instance).start(this::run);
  }

  private void run() {
    try {
      while (!closed) {
        if (leads.getAsBoolean()) {
          lead();
        } else {
          sleep(LOOK);
        }
      }
    } catch (InterruptedException | InterruptException stop) {
      LOG.debug("batches stop", stop);
    }
  }

  private void lead() throws InterruptedException {
    try (Term term = Term.begin(shell)) {
      LOG.info("batches_taken_over instance={} open={}", shell.instance(), term.counts());
      while (!closed && leads.getAsBoolean()) {
        boolean worked = term.step();
        counts = term.counts();
        if (!worked) {
          sleep(IDLE);
        }
      }
    } catch (InterruptException stop) {
      throw stop;
    } catch (KafkaException trouble) {
      LOG.warn("batches_begin_anew instance={} cause={}", shell.instance(), trouble.toString());
      sleep(REST);
    } catch (RuntimeException fault) {
      LOG.error("batches_begin_anew instance={}", shell.instance(), fault);
      sleep(REST);
    } finally {
      counts = Map.of();
    }
  }

  private static void sleep(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }

  /** How many batches in a status it runs; none if it is not its turn. */
  public int running(BatchStatus status) {
    return counts.getOrDefault(status, 0);
  }

  /** How many lines it has handed out since it was started. */
  public long lines() {
    return shell.lines().sum();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      if (!thread.join(Duration.ofSeconds(5))) {
        LOG.warn("batches_not_stopped_in_time instance={}", shell.instance());
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
