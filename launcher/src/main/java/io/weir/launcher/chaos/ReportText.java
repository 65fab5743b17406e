package io.weir.launcher.chaos;

import io.weir.launcher.view.TextTable;
import io.weir.launcher.view.TextTable.Side;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** A report for people. */
final class ReportText {
  private ReportText() {}

  static String of(ChaosReport report) {
    StringBuilder text = new StringBuilder();
    table(report).lines().forEach(line -> text.append(line).append('\n'));
    text.append('\n');
    for (FaultReport fault : report.faults()) {
      if (!fault.clients().failures().isEmpty()) {
        text.append(fault.label()).append(": ");
        text.append(new TreeMap<>(fault.clients().failures())).append('\n');
      }
    }
    text.append(
        "\nasked for: %s\n"
            .formatted(
                "sync, streamed"
                    + (report.offer().keys() ? ", with idempotency keys, cut and resumed" : "")
                    + (report.offer().async() ? ", async" : "")
                    + (report.offer().batches() ? ", batches" : "")));
    text.append(
        "log: %d accepted, visible terminals %s, %d hidden, %d ran more than once\n"
            .formatted(
                report.accepted(),
                report.terminals(),
                report.hiddenTerminals(),
                report.ranTwice()));
    if (!report.died().isEmpty()) {
      text.append("ended by themselves: ").append(report.died()).append('\n');
    }
    breaches(report, text);
    report.late().forEach(history -> text.append('\n').append(history));
    return text.toString();
  }

  private static void breaches(ChaosReport report, StringBuilder text) {
    if (report.breaches().isEmpty()) {
      text.append("ledger: whole\n");
      return;
    }
    text.append("ledger: BROKEN\n");
    report
        .breachCounts()
        .forEach((promise, count) -> text.append("  %5d  %s\n".formatted(count, promise)));
    report.histories().forEach(history -> text.append('\n').append(history));
  }

  private static TextTable table(ChaosReport report) {
    TextTable table = new TextTable().column("fault", Side.LEFT);
    for (String title :
        List.of(
            "ready again",
            "requests",
            "answered",
            "refused",
            "broke",
            "interrupted",
            "resumed",
            "held",
            "again p50",
            "max",
            "lost",
            "begun",
            "whole",
            "unclaimed max",
            "longest gap")) {
      table.column(title, Side.RIGHT);
    }
    for (FaultReport fault : report.faults()) {
      Tally clients = fault.clients();
      Recovery recovery = fault.recovery();
      List<Long> again = recovery.heldAgain();
      table.row(
          fault.label(),
          seconds(fault.healMillis()),
          number(clients.requests()),
          number(clients.answered()),
          number(clients.refused()),
          number(clients.disconnected()),
          number(clients.interrupted()),
          number(clients.resumed()),
          number(again.size() + recovery.heldLost()),
          again.isEmpty() ? "-" : seconds(again.get(again.size() / 2)),
          again.isEmpty() ? "-" : seconds(again.getLast()),
          number(recovery.heldLost()),
          number(recovery.begun()),
          number(recovery.begunWhole()),
          recovery.unclaimed().isEmpty() ? "-" : seconds(recovery.unclaimed().getLast()),
          seconds(clients.gapMillis()));
    }
    return table;
  }

  private static String number(long value) {
    return Long.toString(value);
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
  }
}
