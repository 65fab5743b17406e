package io.weir.schemas;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The consumer groups of dispatchers, and how soon the brokers notice that one of them is dead. In
 * groups of the consumer protocol (KIP-848) brokers decide that, by a configuration of the group.
 */
public final class DispatcherGroups {
  private static final Logger LOG = LoggerFactory.getLogger(DispatcherGroups.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** A little longer than a dispatcher's lease, which ends its claims. */
  private static final Map<String, String> WANTED =
      Map.of("consumer.session.timeout.ms", "3500", "consumer.heartbeat.interval.ms", "500");

  private DispatcherGroups() {}

  /** The group of a source's dispatchers. */
  public static String of(String source) {
    return "weir.dispatchers." + source;
  }

  /**
   * Sets the time-outs of the groups of some sources. Where the brokers do not allow it, a warning
   * says what that means; nothing fails.
   */
  public static void ensure(Admin admin, Collection<String> sources) {
    for (String source : sources) {
      ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, of(source));
      try {
        Config found =
            admin
                .describeConfigs(List.of(group))
                .values()
                .get(group)
                .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (isAsWanted(found)) {
          continue;
        }
        admin
            .incrementalAlterConfigs(Map.of(group, changes()))
            .all()
            .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        LOG.info("group configured group={} {}", group.name(), new TreeMap<>(WANTED));
      } catch (ExecutionException refused) {
        warn(group.name(), String.valueOf(refused.getCause()));
      } catch (TimeoutException late) {
        warn(group.name(), "no answer within " + PATIENCE.toSeconds() + " s");
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static boolean isAsWanted(Config found) {
    return WANTED.entrySet().stream()
        .allMatch(
            wanted -> {
              ConfigEntry entry = found.get(wanted.getKey());
              return entry != null && wanted.getValue().equals(entry.value());
            });
  }

  private static List<AlterConfigOp> changes() {
    return WANTED.entrySet().stream()
        .map(
            wanted ->
                new AlterConfigOp(
                    new ConfigEntry(wanted.getKey(), wanted.getValue()), AlterConfigOp.OpType.SET))
        .toList();
  }

  private static void warn(String group, String cause) {
    LOG.warn(
        "group={} keeps its time-outs ({}): what a dead dispatcher has not claimed goes to the others only"
            + " when its session is over. Set group.consumer.min.session.timeout.ms to 3500 and"
            + " group.consumer.min.heartbeat.interval.ms to 500 on the brokers at most, and allow this user"
            + " ALTER_CONFIGS, or set {} for the group.",
        group,
        cause,
        new TreeMap<>(WANTED));
  }
}
