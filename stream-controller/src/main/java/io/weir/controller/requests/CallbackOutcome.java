package io.weir.controller.requests;

/** How a try to post a result went. */
public enum CallbackOutcome {
  /** It was taken, or is never to be tried again. */
  DONE,
  /** It may go better later. */
  RETRY
}
