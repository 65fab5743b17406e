package io.weir.controller.fleet;

/** A topic of what operators say could not be written; what was asked for may or may not hold. */
public final class FleetWriteException extends Exception {
  private static final long serialVersionUID = 1L;

  public FleetWriteException(String message) {
    super(message);
  }

  FleetWriteException(String message, Throwable cause) {
    super(message, cause);
  }
}
