package io.ocicat.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.bench.CniMeasurement.Observed;
import io.ocicat.cli.TablePrinter;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code ocicat bench cni} tells: the numbers, and the ratios that the budgets are about. */
record CniReport(Machine machine, List<Observed> observed) {

  private record Row(String operation, String manner, Distribution distribution) {}

  CniReport {
    observed = List.copyOf(observed);
  }

  private static List<Row> rows(Observed seen) {
    return List.of(
        new Row("ADD", "alone", seen.addAlone()),
        new Row("DEL", "alone", seen.delAlone()),
        new Row("ADD", "at once", seen.addTogether()),
        new Row("DEL", "at once", seen.delTogether()));
  }

  /** Ratios by name; one that needs a contender that did not run is left out. */
  Map<String, Double> ratios() {
    Map<String, Observed> by = new LinkedHashMap<>();
    observed.forEach(seen -> by.put(seen.contender(), seen));
    Observed ours = by.get(CniBenchCommand.OCICAT);
    Map<String, Double> ratios = new LinkedHashMap<>();
    if (ours == null) {
      return ratios;
    }
    double add = ours.addAlone().percentileMs(0.5);
    double del = ours.delAlone().percentileMs(0.5);
    for (Observed other : observed) {
      if (other.contender().equals(CniBenchCommand.NETLINK)) {
        ratios.put("ADD p50, ocicat / netlink alone", add / other.addAlone().percentileMs(0.5));
        ratios.put("DEL p50, ocicat / netlink alone", del / other.delAlone().percentileMs(0.5));
      } else if (!other.contender().equals(ours.contender())) {
        ratios.put(
            "ADD p50, %s / ocicat".formatted(other.contender()),
            other.addAlone().percentileMs(0.5) / add);
        ratios.put(
            "ADD per second at once, ocicat / %s".formatted(other.contender()),
            ours.addTogether().perSecond() / other.addTogether().perSecond());
      }
    }
    return ratios;
  }

  void printTable(PrintWriter out, int widthColumns) {
    out.println(machine);
    out.println();
    List<List<String>> cells = new ArrayList<>();
    for (Observed seen : observed) {
      for (Row row : rows(seen)) {
        cells.add(
            List.of(
                seen.contender(),
                row.operation(),
                row.manner(),
                Integer.toString(row.distribution().count()),
                number("%.2f", row.distribution().percentileMs(0.5)),
                number("%.2f", row.distribution().percentileMs(0.99)),
                number("%.0f", row.distribution().perSecond())));
      }
    }
    new TablePrinter(out, widthColumns)
        .print(
            List.of("contender", "call", "manner", "calls", "p50 ms", "p99 ms", "per second"),
            cells);
    out.println();
    ratios().forEach((name, ratio) -> out.println(number("%7.2f", ratio) + "  " + name));
    out.flush();
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  ObjectNode toJson() {
    ObjectNode root = new JsonMapper().createObjectNode();
    machine.write(root);
    for (Observed seen : observed) {
      for (Row row : rows(seen)) {
        root.withArray("/rows")
            .addObject()
            .put("contender", seen.contender())
            .put("call", row.operation())
            .put("manner", row.manner())
            .put("calls", row.distribution().count())
            .put("p50Ms", row.distribution().percentileMs(0.5))
            .put("p99Ms", row.distribution().percentileMs(0.99))
            .put("perSecond", row.distribution().perSecond());
      }
    }
    ObjectNode ratios = root.putObject("ratios");
    ratios().forEach(ratios::put);
    return root;
  }
}
