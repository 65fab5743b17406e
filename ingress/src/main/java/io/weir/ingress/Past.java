package io.weir.ingress;

/** What a client that joins an answer late gets of the time before it came. */
enum Past {
  /** All of it in order, also what turned out to be void: the client may have that. */
  AS_IT_CAME,
  /** Only the text that stands: the client has nothing yet. */
  AS_IT_STANDS
}
