package io.weir.launcher.chaos;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The whole life of a request whose promise was broken, for whoever looks for the reason. */
final class HistoryText {
  private static final long BEFORE_MILLIS = 20_000;

  private HistoryText() {}

  static String of(
      Breach breach,
      Map<Integer, ClientEntry> clients,
      Collection<RequestLife> lives,
      List<FaultTimes> faults) {
    StringBuilder text = new StringBuilder();
    text.append("%s: %s %s%n".formatted(breach.promise(), breach.requestId(), breach.detail()));
    ClientEntry client = clients.get(breach.number());
    if (client != null) {
      text.append(client(client));
    }
    lives.stream()
        .filter(life -> belongs(life, breach))
        .forEach(
            life ->
                text.append("  id %s, %d runs%n".formatted(life.id(), life.runs()))
                    .append(life.history()));
    faults.stream()
        .filter(fault -> touches(fault, client))
        .forEach(fault -> text.append(line(fault)));
    return text.toString();
  }

  private static boolean touches(FaultTimes fault, ClientEntry client) {
    return client != null
        && fault.began() >= client.sentAt() - BEFORE_MILLIS
        && fault.began() <= client.endedAt();
  }

  private static String line(FaultTimes fault) {
    return String.format(
        Locale.ROOT,
        "    %tT.%<tL to %tT.%<tL  %s%n",
        fault.began(),
        fault.healed(),
        fault.fault().label());
  }

  private static boolean belongs(RequestLife life, Breach breach) {
    return life.id().equals(breach.requestId())
        || (breach.number() >= 0 && life.number().filter(n -> n == breach.number()).isPresent());
  }

  private static String client(ClientEntry entry) {
    return String.format(
        Locale.ROOT,
        "  client %d: %s of %d tokens, tier %s%s, sent %tT.%<tL, ended %tT.%<tL as %s, %d resumes, %d failovers, told %s%n",
        entry.request().number(),
        entry.request().kind(),
        entry.request().tokens(),
        entry.request().tier(),
        entry.request().key().map(key -> ", key " + key).orElse(""),
        entry.sentAt(),
        entry.endedAt(),
        entry.outcome().map(Outcome::toString).orElse("nothing"),
        entry.resumes(),
        entry.failovers(),
        entry.ids());
  }
}
