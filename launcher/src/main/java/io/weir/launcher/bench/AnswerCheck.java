package io.weir.launcher.bench;

import java.util.Optional;

/** Looks whether an answer's text is what the engine must have sent. */
@FunctionalInterface
interface AnswerCheck {
  /**
   * Checks one answer.
   *
   * @param prompt what was asked
   * @param text the whole answer
   * @param tokens how many tokens the engine says it has, 0 if it does not say
   * @return what is wrong with it, in few words
   */
  Optional<String> problem(String prompt, String text, long tokens);
}
