package io.weir.ingress;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.slf4j.LoggerFactory;

/** Looks for a text in everything that is logged, at the levels that operators may turn on. */
final class LogCapture implements AutoCloseable {
  private static final int KEPT = 20;

  private final String text;
  private final List<String> found = new ArrayList<>();
  private final List<String> errors = new ArrayList<>();
  private final Logger weir = (Logger) LoggerFactory.getLogger("io.weir");
  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Level former = weir.getLevel();
  private final java.util.logging.Logger jul = java.util.logging.Logger.getLogger("");
  private final AppenderBase<ILoggingEvent> appender = new Looking();
  private final Handler handler = new JulLooking();
  private long lines;

  /** Begins to look. Weir's own loggers are at DEBUG until this is closed. */
  LogCapture(String text) {
    this.text = text;
    appender.setContext(weir.getLoggerContext());
    appender.start();
    weir.setLevel(Level.DEBUG);
    weir.setAdditive(false);
    weir.addAppender(appender);
    root.addAppender(appender);
    jul.addHandler(handler);
  }

  /** Lines with the text in them. */
  synchronized List<String> found() {
    return List.copyOf(found);
  }

  /** Errors of Weir's own and of the HTTP server. */
  synchronized List<String> errors() {
    return List.copyOf(errors);
  }

  synchronized long lines() {
    return lines;
  }

  private synchronized void line(String line, boolean isError) {
    lines++;
    if (line.contains(text) && found.size() < KEPT) {
      found.add(line);
    }
    if (isError && errors.size() < KEPT) {
      errors.add(line);
    }
  }

  @Override
  public void close() {
    weir.detachAppender(appender);
    root.detachAppender(appender);
    weir.setAdditive(true);
    weir.setLevel(former);
    jul.removeHandler(handler);
  }

  private final class Looking extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      StringBuilder line =
          new StringBuilder(event.getLoggerName()).append(' ').append(event.getFormattedMessage());
      for (IThrowableProxy cause = event.getThrowableProxy();
          cause != null;
          cause = cause.getCause()) {
        line.append(" / ").append(cause.getClassName()).append(": ").append(cause.getMessage());
      }
      line(line.toString(), event.getLevel().isGreaterOrEqual(Level.ERROR));
    }
  }

  private final class JulLooking extends Handler {
    @Override
    public void publish(LogRecord event) {
      StringBuilder line =
          new StringBuilder(event.getLoggerName()).append(' ').append(event.getMessage());
      for (Throwable cause = event.getThrown(); cause != null; cause = cause.getCause()) {
        line.append(" / ").append(cause);
      }
      line(
          line.toString(),
          event.getLevel().intValue() >= java.util.logging.Level.WARNING.intValue());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
