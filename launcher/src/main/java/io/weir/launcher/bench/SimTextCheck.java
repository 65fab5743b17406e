package io.weir.launcher.bench;

import io.weir.routing.engine.SimText;
import io.weir.routing.engine.SimText.Verdict.Broken;
import io.weir.routing.engine.SimText.Verdict.Intact;
import java.util.Optional;

/** Checks answers of simulated engines, whose every token follows from the prompt. */
final class SimTextCheck implements AnswerCheck {
  @Override
  public Optional<String> problem(String prompt, String text, long tokens) {
    return switch (SimText.verify(prompt, text, Math.toIntExact(tokens))) {
      case Intact intact -> Optional.empty();
      case Broken broken -> Optional.of(kind(broken));
    };
  }

  private static String kind(Broken broken) {
    if (broken.found().isEmpty()) {
      return "tokens missing at its end";
    }
    return broken.expected().startsWith("the end") ? "tokens too many" : "token not as expected";
  }
}
