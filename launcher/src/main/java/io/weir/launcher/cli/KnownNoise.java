package io.weir.launcher.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;

/**
 * Keeps from the terminal what the embedded broker and Flink warn of at every first start and every
 * stop. The log file has it.
 */
public final class KnownNoise extends Filter<ILoggingEvent> {
  private static final List<String> NOISE =
      List.of(
          "Performing controller activation. The metadata log appears to be empty.",
          "Attempting to close NetworkClient that has already been closed.",
          // Of the weights job when Weir stops.
          "The TaskExecutor is shutting down.",
          "Could not addJvmShutdownHook, due to: Shutdown in progress",
          // One controller has nobody to keep a copy, and there is no global thread.
          "Unable to assign 1 of 1 standby tasks",
          "Processing exception handler is not enabled for the GlobalThread",
          // Two roles may be the first to need them.
          "Auto topic creation failed for __consumer_offsets with error 'TOPIC_ALREADY_EXISTS'",
          "Auto topic creation failed for __transaction_state with error 'TOPIC_ALREADY_EXISTS'");

  @Override
  public FilterReply decide(ILoggingEvent event) {
    String message = event.getFormattedMessage() + cause(event.getThrowableProxy());
    return NOISE.stream().anyMatch(message::contains) ? FilterReply.DENY : FilterReply.NEUTRAL;
  }

  private static String cause(IThrowableProxy thrown) {
    return thrown == null ? "" : " " + thrown.getMessage() + cause(thrown.getCause());
  }
}
