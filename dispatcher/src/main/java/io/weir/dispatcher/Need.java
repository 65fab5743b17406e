package io.weir.dispatcher;

/** What a request needs of its engine. */
enum Need {
  NOTHING,
  /** It must be able to go on with the text so far. */
  CONTINUES;

  static Need of(Held held) {
    return held.continues().isPresent() ? CONTINUES : NOTHING;
  }
}
