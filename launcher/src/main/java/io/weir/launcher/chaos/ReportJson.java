package io.weir.launcher.chaos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A report for programs. Times are milliseconds. */
final class ReportJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ReportJson() {}

  static String of(ChaosReport report) {
    ObjectNode root = JSON.createObjectNode();
    root.put("intact", report.isIntact());
    root.put("async", report.offer().async());
    root.put("keys", report.offer().keys());
    root.set("clients", tally(report.all()));
    ArrayNode faults = root.putArray("faults");
    report.faults().forEach(fault -> faults.add(fault(fault)));
    ObjectNode log = root.putObject("log");
    log.put("accepted", report.accepted());
    log.put("hidden_terminals", report.hiddenTerminals());
    log.put("ran_more_than_once", report.ranTwice());
    log.set("terminals", JSON.valueToTree(report.terminals()));
    root.set("breaches", JSON.valueToTree(report.breachCounts()));
    root.set("died", JSON.valueToTree(report.died()));
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new ChaosException("The report cannot be written as JSON", e);
    }
  }

  private static ObjectNode fault(FaultReport report) {
    ObjectNode fault = tally(report.clients());
    fault.put("fault", report.label());
    fault.put("ready_again_ms", report.healMillis());
    Recovery recovery = report.recovery();
    List<Long> again = recovery.heldAgain();
    fault.put("held", again.size() + recovery.heldLost());
    fault.put("held_lost", recovery.heldLost());
    if (!again.isEmpty()) {
      fault.put("held_again_p50_ms", again.get(again.size() / 2));
      fault.put("held_again_max_ms", again.getLast());
    }
    fault.put("begun", recovery.begun());
    fault.put("begun_whole", recovery.begunWhole());
    if (!recovery.unclaimed().isEmpty()) {
      fault.put("unclaimed_max_ms", recovery.unclaimed().getLast());
    }
    return fault;
  }

  private static ObjectNode tally(Tally tally) {
    ObjectNode node = JSON.createObjectNode();
    node.put("requests", tally.requests());
    node.put("answered", tally.answered());
    node.put("refused", tally.refused());
    node.put("disconnected", tally.disconnected());
    node.put("interrupted", tally.interrupted());
    node.put("resumed", tally.resumed());
    node.put("longest_gap_ms", tally.gapMillis());
    node.set("failures", JSON.valueToTree(tally.failures()));
    return node;
  }
}
