package io.ocicat.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Columns padded as kubectl pads them; cells cut where the terminal is too narrow. */
public final class TablePrinter {
  private static final int GAP = 3;
  private static final int NARROWEST = 8;

  private final PrintWriter out;
  private final int widthColumns;
  private List<Integer> widths = List.of();

  /**
   * @param widthColumns the terminal's width; 0 for no terminal, where nothing is cut
   */
  public TablePrinter(PrintWriter out, int widthColumns) {
    this.out = out;
    this.widthColumns = widthColumns;
  }

  /** To standard output, as wide as the terminal there. */
  public static TablePrinter onTerminal(PrintWriter out) {
    return new TablePrinter(out, Terminal.widthColumns());
  }

  /** Prints the header in capitals and the rows; every row has as many cells as the header. */
  public void print(List<String> header, List<List<String>> rows) {
    List<List<String>> all = new ArrayList<>();
    all.add(header.stream().map(name -> name.toUpperCase(Locale.ROOT)).toList());
    all.addAll(rows);
    widths = fit(all);
    all.forEach(this::line);
    out.flush();
  }

  /** Prints more rows below those printed, as a watch does. */
  public void append(List<List<String>> rows) {
    rows.forEach(this::line);
    out.flush();
  }

  private List<Integer> fit(List<List<String>> lines) {
    List<Integer> fitted = new ArrayList<>();
    for (int column = 0; column < lines.getFirst().size(); column++) {
      int widest = 0;
      for (List<String> line : lines) {
        widest = Math.max(widest, line.get(column).length());
      }
      fitted.add(widest);
    }
    if (widthColumns > 0) {
      int excess = fitted.stream().mapToInt(width -> width + GAP).sum() - GAP - widthColumns;
      while (excess > 0) {
        int widest = fitted.indexOf(fitted.stream().max(Integer::compare).orElse(0));
        if (fitted.get(widest) <= NARROWEST) {
          break;
        }
        fitted.set(widest, fitted.get(widest) - 1);
        excess--;
      }
    }
    return fitted;
  }

  private void line(List<String> cells) {
    StringBuilder text = new StringBuilder();
    for (int column = 0; column < cells.size(); column++) {
      String cell = cells.get(column);
      int width = column < widths.size() ? widths.get(column) : cell.length();
      if (widthColumns > 0 && cell.length() > width) {
        cell = cell.substring(0, width - 1) + "…";
      }
      text.append(cell);
      if (column < cells.size() - 1) {
        text.repeat(' ', Math.max(0, width - cell.length()) + GAP);
      }
    }
    out.println(text.toString().stripTrailing());
  }
}
