package io.weir.ingress;

/** What a client whose request failed may be told about repeating it. */
enum Repeat {
  /** What the failure says. */
  AS_SAID,
  /** It is safe whatever happened, as a repeated request attaches to the first one. */
  SAFE;

  ApiError of(ApiError error) {
    return this == SAFE ? error.withSafeRetry() : error;
  }
}
