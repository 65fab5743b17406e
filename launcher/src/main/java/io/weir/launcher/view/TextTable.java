package io.weir.launcher.view;

import java.util.ArrayList;
import java.util.List;

/** Columns as wide as they must be; numbers to the right, words to the left. */
public final class TextTable {
  private static final String GAP = "  ";

  /** On which side of its column a cell stands. */
  public enum Side {
    LEFT,
    RIGHT
  }

  private record Column(String title, Side side) {}

  private final List<Column> columns = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  /** One more column. */
  public TextTable column(String title, Side side) {
    columns.add(new Column(title, side));
    return this;
  }

  /**
   * One more row.
   *
   * @throws IllegalArgumentException if it has not as many cells as there are columns
   */
  public TextTable row(String... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(
          cells.length + " cells do not fit " + columns.size() + " columns");
    }
    rows.add(List.of(cells));
    return this;
  }

  /** Title and rows, one line each, without line ends or trailing spaces. */
  public List<String> lines() {
    int[] widths = columns.stream().mapToInt(column -> column.title().length()).toArray();
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add(line(columns.stream().map(Column::title).toList(), widths));
    rows.forEach(row -> lines.add(line(row, widths)));
    return lines;
  }

  private String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String pad = " ".repeat(widths[i] - cells.get(i).length());
      boolean left = columns.get(i).side() == Side.LEFT;
      line.append(i == 0 ? "" : GAP).append(left ? "" : pad).append(cells.get(i));
      line.append(left ? pad : "");
    }
    return line.toString().stripTrailing();
  }
}
