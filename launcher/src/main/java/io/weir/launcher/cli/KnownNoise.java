package io.weir.launcher.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;

/**
 * Keeps from the terminal what the embedded broker warns of at every first start and every stop.
 * The log file has it.
 */
public final class KnownNoise extends Filter<ILoggingEvent> {
  private static final List<String> NOISE =
      List.of(
          "Performing controller activation. The metadata log appears to be empty.",
          "Attempting to close NetworkClient that has already been closed.",
          "Auto topic creation failed for __consumer_offsets with error 'TOPIC_ALREADY_EXISTS'");

  @Override
  public FilterReply decide(ILoggingEvent event) {
    String message = event.getFormattedMessage();
    return NOISE.stream().anyMatch(message::contains) ? FilterReply.DENY : FilterReply.NEUTRAL;
  }
}
