package io.ocicat.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Prints the server's Tables. */
final class ObjectTables {
  private final TablePrinter printer;
  private final boolean wide;
  private final boolean withNamespace;
  private List<Integer> columns = List.of();

  /**
   * @param wide whether columns of lower priority are shown
   * @param withNamespace whether a column for the namespace comes first
   */
  ObjectTables(TablePrinter printer, boolean wide, boolean withNamespace) {
    this.printer = printer;
    this.wide = wide;
    this.withNamespace = withNamespace;
  }

  /** Prints tables of one kind as one; answers whether there was any row. */
  boolean print(List<JsonNode> tables) {
    List<String> header = new ArrayList<>();
    List<Integer> shown = new ArrayList<>();
    JsonNode definitions = tables.getFirst().path("columnDefinitions");
    if (withNamespace) {
      header.add("Namespace");
    }
    for (int i = 0; i < definitions.size(); i++) {
      if (wide || definitions.get(i).path("priority").asInt() == 0) {
        shown.add(i);
        header.add(definitions.get(i).path("name").asText());
      }
    }
    columns = shown;
    List<List<String>> rows = new ArrayList<>();
    tables.forEach(table -> rows.addAll(rows(table)));
    if (rows.isEmpty()) {
      return false;
    }
    printer.print(header, rows);
    return true;
  }

  /** Prints a watch event's table below. */
  void append(JsonNode table) {
    if (columns.isEmpty()) {
      print(List.of(table));
    } else {
      printer.append(rows(table));
    }
  }

  private List<List<String>> rows(JsonNode table) {
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode row : table.path("rows")) {
      List<String> cells = new ArrayList<>();
      if (withNamespace) {
        cells.add(row.path("object").path("metadata").path("namespace").asText(""));
      }
      for (int column : columns) {
        JsonNode cell = row.path("cells").path(column);
        cells.add(cell.isValueNode() ? cell.asText() : cell.toString());
      }
      rows.add(cells);
    }
    return rows;
  }
}
