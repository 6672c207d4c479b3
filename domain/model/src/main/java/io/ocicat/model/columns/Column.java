package io.ocicat.model.columns;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * A column of a kind's table.
 *
 * @param name the header, as upstream spells it
 * @param type {@code string}, {@code integer} or {@code boolean}
 * @param format {@code name} for the object's name, else empty
 * @param description what the column tells
 * @param shown when it is shown
 * @param jsonPath where a server that knows nothing of the kind finds the cell, as in the columns
 *     of a CustomResourceDefinition; empty if no path leads to it
 * @param cell makes the cell of a document
 */
public record Column(
    String name,
    String type,
    String format,
    String description,
    Shown shown,
    String jsonPath,
    Cell cell) {

  /** When a column is shown. */
  public enum Shown {
    /** Always. */
    ALWAYS(0),
    /** With {@code -o wide}. */
    WIDE(1);

    private final int priority;

    Shown(int priority) {
      this.priority = priority;
    }

    /** The number in a Kubernetes Table. */
    public int priority() {
      return priority;
    }
  }

  /** The same column, whose cell a server finds by this JSONPath. */
  Column foundAt(String jsonPath) {
    return new Column(name, type, format, description, shown, jsonPath, cell);
  }

  /** The same column, shown only with {@code -o wide}. */
  Column wide() {
    return new Column(name, type, format, description, Shown.WIDE, jsonPath, cell);
  }

  /** Makes a cell. */
  @FunctionalInterface
  public interface Cell {
    /** The value of the column's type for this document, at this time. */
    JsonNode of(JsonNode document, Instant now);
  }
}
