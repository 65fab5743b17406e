package io.weir.flink;

/** The weights job could not be started; the message says why and what to do. */
public final class WeightsJobException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WeightsJobException(String message, Throwable cause) {
    super(message, cause);
  }
}
