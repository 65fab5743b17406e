package io.weir.launcher.chaos;

/** Checks a body as the engine wrote it. */
final class BodyText {
  private static final String DATA = "data: ";

  private BodyText() {}

  /** What a client that reads the body gets. */
  static Outcome outcome(ChaosRequest request, boolean stream, String body) {
    if (!stream) {
      return AnswerText.whole(request, Replies.json(body));
    }
    AnswerText answer = new AnswerText(request);
    body.lines()
        .filter(line -> line.startsWith(DATA))
        .forEach(line -> answer.event("", line.substring(DATA.length())));
    return answer.outcome();
  }
}
