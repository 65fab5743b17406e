package io.weir.launcher.cli;

import io.weir.launcher.config.ConfigFileException;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells a person what went wrong in one sentence; a stack trace only where nobody foresaw it. */
public final class Errors implements IExecutionExceptionHandler {
  private static final int FAILED = 1;
  private static final int NOT_UNDERSTOOD = 2;

  /** Exceptions whose message is written for the reader, wherever they come from. */
  private static final Set<Class<?>> FORESEEN =
      Set.of(IllegalArgumentException.class, IllegalStateException.class);

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    if (e instanceof CommandLine.ParameterException misuse) {
      command.getErr().println("weir: " + misuse.getMessage());
      return NOT_UNDERSTOOD;
    }
    if (e instanceof InterruptedException) {
      Thread.currentThread().interrupt();
      return FAILED;
    }
    boolean ours = e.getClass().getName().startsWith("io.weir.") || FORESEEN.contains(e.getClass());
    command.getErr().println("weir: " + (ours ? e.getMessage() : e));
    if (!ours) {
      e.printStackTrace(command.getErr());
    }
    command.getErr().flush();
    return e instanceof ConfigFileException ? NOT_UNDERSTOOD : FAILED;
  }
}
