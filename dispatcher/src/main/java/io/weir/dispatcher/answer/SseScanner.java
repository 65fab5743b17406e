package io.weir.dispatcher.answer;

/**
 * Finds where server-sent events end (WHATWG HTML §9.2.6): after a blank line, with lines ended by
 * LF, CRLF or CR. Every blank line ends an event, even an empty one. Takes bytes one by one and
 * looks at nothing else.
 *
 * <p>A CR that ends an event is held until the next byte tells whether an LF belongs to it: an
 * event must not be cut between the two.
 */
final class SseScanner {
  private boolean lineEmpty = true;
  private boolean afterCr;
  private boolean endPending;

  /** What a byte means for the event it follows or belongs to. */
  enum Step {
    /** The event goes on. */
    WITHIN,
    /** The event ends with this byte. */
    END,
    /** The event ended with the byte before; this one is the next event's first. */
    ENDED_BEFORE,
    /** Both: the event before ended ahead of this byte, which ends another, empty one. */
    ENDED_BEFORE_AND_END
  }

  Step step(byte value) {
    if (value == '\n' && afterCr) {
      afterCr = false;
      if (endPending) {
        endPending = false;
        return Step.END;
      }
      return Step.WITHIN;
    }
    boolean before = endPending;
    endPending = false;
    afterCr = value == '\r';
    if (value == '\n') {
      boolean blank = lineEmpty;
      lineEmpty = true;
      if (blank) {
        return before ? Step.ENDED_BEFORE_AND_END : Step.END;
      }
    } else if (value == '\r') {
      endPending = lineEmpty;
      lineEmpty = true;
    } else {
      lineEmpty = false;
    }
    return before ? Step.ENDED_BEFORE : Step.WITHIN;
  }

  /** True if nothing more will come and the bytes so far end an event. */
  boolean endsHere() {
    return endPending;
  }
}
