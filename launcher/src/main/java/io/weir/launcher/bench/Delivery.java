package io.weir.launcher.bench;

/** How the answer comes. */
enum Delivery {
  /** In one piece. */
  WHOLE,
  /** As server-sent events. */
  STREAM
}
