package io.ocicat.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.bench.BgpFigures.Figure;
import io.ocicat.cli.TablePrinter;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What {@code ocicat bench bgp} tells. */
record BgpReport(Machine machine, int rounds, List<Part> parts) {

  /** One scenario. */
  record Part(String name, String title, List<Row> rows) {
    Part {
      rows = List.copyOf(rows);
    }
  }

  /**
   * One speaker in a scenario.
   *
   * @param problem why there are no figures; empty if there are
   */
  record Row(String contender, BgpFigures figures, String problem) {}

  BgpReport {
    parts = List.copyOf(parts);
  }

  void printTable(PrintWriter out, int widthColumns) {
    out.println(machine);
    for (Part part : parts) {
      out.println();
      out.println(part.title());
      List<Figure> figures =
          Arrays.stream(Figure.values())
              .filter(
                  f -> part.rows().stream().anyMatch(row -> row.figures().values().containsKey(f)))
              .toList();
      List<String> header = new ArrayList<>(List.of("speaker"));
      figures.forEach(figure -> header.add(figure.title));
      List<List<String>> cells = new ArrayList<>();
      for (Row row : part.rows()) {
        if (row.problem().isEmpty()) {
          List<String> line = new ArrayList<>(List.of(row.contender()));
          figures.forEach(figure -> line.add(text(row.figures().values().get(figure))));
          cells.add(line);
        }
      }
      new TablePrinter(out, widthColumns).print(header, cells);
      part.rows().stream()
          .filter(row -> !row.problem().isEmpty())
          .forEach(row -> out.printf("%s: %s%n", row.contender(), row.problem()));
    }
    out.flush();
  }

  private static String text(@Nullable Double value) {
    return Optional.ofNullable(value)
        .map(v -> String.format(Locale.ROOT, v >= 20 ? "%.0f" : v >= 2 ? "%.1f" : "%.2f", v))
        .orElse("-");
  }

  void printJson(PrintWriter out) {
    ObjectNode report = new JsonMapper().createObjectNode();
    machine.write(report);
    report.put("rounds", rounds);
    var scenarios = report.putArray("scenarios");
    for (Part part : parts) {
      ObjectNode scenario =
          scenarios.addObject().put("name", part.name()).put("title", part.title());
      var speakers = scenario.putArray("speakers");
      for (Row row : part.rows()) {
        ObjectNode speaker = speakers.addObject().put("name", row.contender());
        row.figures().values().forEach((figure, value) -> speaker.put(figure.json(), value));
        if (!row.problem().isEmpty()) {
          speaker.put("problem", row.problem());
        }
      }
    }
    out.println(report.toPrettyString());
    out.flush();
  }
}
