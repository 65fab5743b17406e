package io.weir.launcher.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A terminal as text screens need it, by way of the system's {@code test} and {@code stty}: Java
 * itself cannot ask for single keys.
 */
final class Terminal implements AutoCloseable {
  private static final String ALTERNATE_SCREEN = "\u001b[?1049h\u001b[?25l";
  private static final String BACK = "\u001b[?25h\u001b[?1049l";
  private static final String HOME = "\u001b[H";
  private static final String CLEAR_LINE = "\u001b[K";
  private static final String CLEAR_REST = "\u001b[J";
  private static final int DEFAULT_ROWS = 24;
  private static final int DEFAULT_COLUMNS = 80;

  /** How much fits. */
  record Size(int rows, int columns) {}

  private final PrintWriter out;
  private final String before;

  private Terminal(PrintWriter out, String before) {
    this.out = out;
    this.before = before;
  }

  /** True if a person sees what is printed and can press keys. */
  static boolean isThere() {
    return run("test -t 0 && test -t 1", ProcessBuilder.Redirect.INHERIT).succeeded();
  }

  /** Takes the whole screen, and keys as they are pressed, until it is closed. */
  static Terminal take(PrintWriter out) {
    String before = run("stty -g", ProcessBuilder.Redirect.PIPE).text();
    run("stty -icanon -echo min 0 time 0", ProcessBuilder.Redirect.INHERIT);
    out.print(ALTERNATE_SCREEN);
    out.flush();
    return new Terminal(out, before);
  }

  /** Shows lines in place of those before; what does not fit is cut off. */
  void show(List<String> lines) {
    Size size = size();
    StringBuilder screen = new StringBuilder(HOME);
    int rows = Math.min(lines.size(), size.rows());
    for (int i = 0; i < rows; i++) {
      String line = lines.get(i);
      screen.append(line, 0, Math.min(line.length(), size.columns())).append(CLEAR_LINE);
      screen.append(i < rows - 1 ? "\r\n" : "");
    }
    out.print(screen.append(CLEAR_REST));
    out.flush();
  }

  /** True if a key was pressed since the last time that asks to leave. */
  boolean isQuitPressed() throws IOException {
    boolean quit = false;
    while (System.in.available() > 0) {
      int key = System.in.read();
      quit |= key == 'q' || key == 'Q';
    }
    return quit;
  }

  static Size size() {
    String[] fields = run("stty size", ProcessBuilder.Redirect.PIPE).text().split(" ", -1);
    try {
      int rows = Integer.parseInt(fields[0]);
      int columns = Integer.parseInt(fields[1]);
      return rows > 0 && columns > 0
          ? new Size(rows, columns)
          : new Size(DEFAULT_ROWS, DEFAULT_COLUMNS);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException unknown) {
      return new Size(DEFAULT_ROWS, DEFAULT_COLUMNS);
    }
  }

  @Override
  public void close() {
    out.print(BACK);
    out.flush();
    run("stty " + (before.isEmpty() ? "sane" : before), ProcessBuilder.Redirect.INHERIT);
  }

  private record Result(boolean succeeded, String text) {}

  private static Result run(String command, ProcessBuilder.Redirect output) {
    try {
      Process process =
          new ProcessBuilder("sh", "-c", command)
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectOutput(output)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String text =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return new Result(process.waitFor() == 0, text);
    } catch (IOException noShell) {
      return new Result(false, "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Result(false, "");
    }
  }
}
