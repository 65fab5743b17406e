package io.weir.launcher.view;

import static io.weir.launcher.view.Numbers.NONE;
import static io.weir.launcher.view.TextTable.Side.LEFT;
import static io.weir.launcher.view.TextTable.Side.RIGHT;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** The engines as a table or as JSON: what they answer, and what the topics say of them. */
public final class EnginesText {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * One engine.
   *
   * @param roundTrip of a small request over an open connection; empty if it does not answer
   * @param health {@code ok}, or what was answered instead
   * @param known what the topics say; empty where nobody published it
   */
  public record Row(
      String id,
      String pool,
      String region,
      String url,
      Optional<Duration> roundTrip,
      OptionalDouble running,
      OptionalDouble waiting,
      String health,
      Optional<EngineStatus> known) {}

  private EnginesText() {}

  /** A line for each, under a line of titles. */
  public static List<String> table(List<Row> rows) {
    TextTable table =
        new TextTable()
            .column("ENGINE", LEFT)
            .column("POOL", LEFT)
            .column("REGION", LEFT)
            .column("STATE", LEFT)
            .column("SHARE", RIGHT)
            .column("LOAD", RIGHT)
            .column("RTT", RIGHT)
            .column("IN FLIGHT", RIGHT)
            .column("RUNNING", RIGHT)
            .column("WAITING", RIGHT)
            .column("HEALTH", LEFT)
            .column("URL", LEFT);
    for (Row row : rows) {
      table.row(
          row.id(),
          row.pool(),
          row.region(),
          row.known().map(EngineStatus::state).orElse(NONE),
          row.known().flatMap(EngineStatus::share).map(Numbers::part).orElse(NONE),
          row.known()
              .flatMap(EngineStatus::plan)
              .map(plan -> Numbers.twoDecimals(plan.getLoad()))
              .orElse(NONE),
          row.roundTrip().map(EnginesText::millis).orElse(NONE),
          row.known().map(known -> Integer.toString(known.inFlight())).orElse(NONE),
          count(row.running()),
          count(row.waiting()),
          row.health(),
          row.url());
    }
    return table.lines();
  }

  /** The same as an array of objects. */
  public static String json(List<Row> rows) {
    ArrayNode array = JSON.createArrayNode();
    for (Row row : rows) {
      ObjectNode engine = array.addObject();
      engine.put("id", row.id()).put("pool", row.pool()).put("region", row.region());
      engine.put("url", row.url()).put("health", row.health());
      row.roundTrip().ifPresent(time -> engine.put("rtt_ms", time.toNanos() / 1e6));
      row.running().ifPresent(value -> engine.put("running", Math.round(value)));
      row.waiting().ifPresent(value -> engine.put("waiting", Math.round(value)));
      row.known().ifPresent(known -> addKnown(engine, known));
    }
    return array.toPrettyString();
  }

  private static void addKnown(ObjectNode engine, EngineStatus known) {
    engine.put("state", known.state()).put("in_flight", known.inFlight());
    known.share().ifPresent(share -> engine.put("share", share));
    known
        .plan()
        .ifPresent(plan -> engine.put("load", plan.getLoad()).put("price", plan.getPrice()));
  }

  private static String millis(Duration time) {
    return String.format(Locale.ROOT, "%.1f ms", time.toNanos() / 1e6);
  }

  private static String count(OptionalDouble value) {
    return value.isPresent() ? String.valueOf(Math.round(value.getAsDouble())) : NONE;
  }
}
