package io.weir.ingress;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.weir.routing.limit.LimitVerdict;
import io.weir.routing.limit.RateStanding;
import java.time.Duration;
import java.util.Optional;

/** How a tenant stands with its limits per minute, in OpenAI's headers. */
final class RateHeaders {
  private record Names(HeaderName limit, HeaderName remaining, HeaderName reset) {
    static Names of(String what) {
      return new Names(
          HeaderNames.create("x-ratelimit-limit-" + what),
          HeaderNames.create("x-ratelimit-remaining-" + what),
          HeaderNames.create("x-ratelimit-reset-" + what));
    }
  }

  private static final Names REQUESTS = Names.of("requests");
  private static final Names TOKENS = Names.of("tokens");

  private RateHeaders() {}

  static void set(ServerResponseHeaders headers, LimitVerdict verdict) {
    set(headers, REQUESTS, verdict.requests());
    set(headers, TOKENS, verdict.tokens());
  }

  private static void set(
      ServerResponseHeaders headers, Names names, Optional<RateStanding> standing) {
    if (standing.isPresent()) {
      RateStanding now = standing.get();
      headers.set(names.limit(), Long.toString(now.limit()));
      headers.set(names.remaining(), Long.toString(now.remaining()));
      headers.set(names.reset(), time(Duration.ofNanos(now.resetNanos())));
    }
  }

  /** As OpenAI writes them: {@code 120ms}, {@code 1s}, {@code 6m0s}. */
  static String time(Duration time) {
    long millis = time.plusNanos(999_999).toMillis();
    if (millis < 1_000) {
      return millis + "ms";
    }
    String seconds =
        millis % 1_000 == 0
            ? Long.toString(millis / 1_000 % 60)
            : millis / 1_000 % 60 + "." + "%03d".formatted(millis % 1_000);
    return millis < 60_000 ? seconds + "s" : millis / 60_000 + "m" + seconds + "s";
  }
}
