package io.ocicat.cli;

import java.io.PrintWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** Denied connections as lines of a table, which may go on. */
final class DropTable {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  private final TablePrinter printer;
  private final boolean isWide;
  private boolean begun;

  DropTable(PrintWriter out, boolean isWide) {
    this.printer = TablePrinter.onTerminal(out);
    this.isWide = isWide;
  }

  /** Prints them below what was printed; nothing if there are none. */
  void print(List<DropEvent> drops) {
    if (drops.isEmpty()) {
      return;
    }
    List<List<String>> rows = drops.stream().map(this::row).toList();
    if (begun) {
      printer.append(rows);
    } else {
      printer.print(header(), rows);
      begun = true;
    }
  }

  private List<String> header() {
    List<String> names =
        new ArrayList<>(
            List.of("last", "packets", "verdict", "direction", "from", "to", "port", "by"));
    if (isWide) {
      names.addAll(List.of("first", "node", "peer address"));
    }
    return names;
  }

  private List<String> row(DropEvent drop) {
    List<String> cells =
        new ArrayList<>(
            drop.isLoss()
                ? List.of(time(drop.lastSeen()), "?", "lost", "", "", "", "", drop.text("message"))
                : List.of(
                    time(drop.lastSeen()),
                    drop.text("packets"),
                    drop.text("action").equals("deny") ? "denied" : "logged",
                    drop.text("direction"),
                    drop.from(),
                    drop.to(),
                    drop.port(),
                    drop.decidedBy()));
    if (isWide) {
      cells.add(time(drop.text("first")));
      cells.add(drop.text("node"));
      cells.add(drop.json().at("/peer/address").asText());
    }
    return cells;
  }

  private static String time(String timestamp) {
    try {
      return TIME.format(Instant.parse(timestamp).atZone(ZoneId.systemDefault()));
    } catch (DateTimeException e) {
      return timestamp;
    }
  }
}
