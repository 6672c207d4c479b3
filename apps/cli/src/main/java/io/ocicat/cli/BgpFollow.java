package io.ocicat.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks again and again and tells what differs: {@code +} is new, {@code -} is gone, {@code ~} is
 * another. In JSON one document a line, with {@code change} and {@code now} or {@code before}.
 */
final class BgpFollow {

  /**
   * How documents are told apart and shown.
   *
   * @param key what stays the same while a document changes
   * @param row cells for people
   * @param essence what counts as a change
   */
  record Shape(
      List<String> header,
      Function<JsonNode, String> key,
      Function<JsonNode, List<String>> row,
      Function<JsonNode, Object> essence) {}

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  private final PrintWriter out;
  private final Shape shape;
  private final boolean json;
  private final InstantSource clock;
  private Map<String, JsonNode> known = new LinkedHashMap<>();
  private @Nullable TablePrinter table;

  BgpFollow(PrintWriter out, Shape shape, boolean json, InstantSource clock) {
    this.out = out;
    this.shape = shape;
    this.json = json;
    this.clock = clock;
  }

  /** Until the thread is interrupted. */
  void run(Supplier<JsonNode> ask, Duration interval) {
    while (!Thread.currentThread().isInterrupted()) {
      step(ask.get());
      try {
        Thread.sleep(interval);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Tells what differs from the last time; the first time, all. */
  void step(JsonNode documents) {
    Map<String, JsonNode> now = new LinkedHashMap<>();
    documents.forEach(document -> now.put(shape.key().apply(document), document));
    List<List<String>> rows = new ArrayList<>();
    known.forEach(
        (key, before) -> {
          if (!now.containsKey(key)) {
            tell("-", "removed", before, rows);
          }
        });
    now.forEach(
        (key, document) -> {
          JsonNode before = known.get(key);
          if (before == null) {
            tell("+", "added", document, rows);
          } else if (!Objects.equals(
              shape.essence().apply(before), shape.essence().apply(document))) {
            tell("~", "changed", document, rows);
          }
        });
    known = now;
    TablePrinter printer = table;
    if (json) {
      out.flush();
    } else if (printer == null) {
      List<String> header = new ArrayList<>(List.of("at", ""));
      header.addAll(shape.header());
      table = TablePrinter.onTerminal(out);
      table.print(header, rows);
    } else if (!rows.isEmpty()) {
      printer.append(rows);
    }
  }

  private void tell(String sign, String change, JsonNode document, List<List<String>> rows) {
    if (json) {
      out.println(
          JsonNodeFactory.instance
              .objectNode()
              .put("at", clock.instant().toString())
              .put("change", change)
              .set(change.equals("removed") ? "before" : "now", document)
              .toString());
      return;
    }
    List<String> cells = new ArrayList<>();
    cells.add(LocalTime.ofInstant(clock.instant(), ZoneId.systemDefault()).format(TIME));
    cells.add(sign);
    cells.addAll(shape.row().apply(document));
    rows.add(cells);
  }
}
