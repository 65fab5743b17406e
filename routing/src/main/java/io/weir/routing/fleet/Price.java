package io.weir.routing.fleet;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;
import java.util.Optional;

/**
 * What tokens of a pool cost those who ask for them, US dollars per million; not negative.
 *
 * @param prompt tokens of prompts
 * @param output tokens of answers
 * @param cachedPrompt tokens of prompts that the engine had in its cache; as others where it is not
 *     given
 */
public record Price(
    @Default("0") double prompt, @Default("0") double output, Optional<Double> cachedPrompt) {
  /** Nothing costs anything. */
  public static final Price NOTHING = new Price(0, 0, Optional.empty());

  private static final double MILLION = 1e6;

  public Price {
    check("prompt", prompt);
    check("output", output);
    cachedPrompt.ifPresent(given -> check("cached-prompt", given));
  }

  private static void check(String key, double price) {
    if (!(price >= 0) || Double.isInfinite(price)) {
      throw new ConfigException(key, "must not be negative, is " + price);
    }
  }

  /** US dollars of so many tokens, none of them cached. */
  public double of(double promptTokens, double outputTokens) {
    return of(promptTokens, 0, outputTokens);
  }

  /** US dollars of so many tokens, some of the prompt's cached. */
  public double of(double promptTokens, double cachedTokens, double outputTokens) {
    double cached = Math.min(promptTokens, cachedTokens);
    return ((promptTokens - cached) * prompt
            + cached * cachedPrompt.orElse(prompt)
            + outputTokens * output)
        / MILLION;
  }
}
