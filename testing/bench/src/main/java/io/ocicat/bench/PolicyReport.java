package io.ocicat.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.bench.PolicyCalculation.Cost;
import io.ocicat.cli.TablePrinter;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What {@code ocicat bench policy} tells. */
record PolicyReport(
    Machine machine, List<Path> paths, List<Calculation> calculations, PolicyMemory memory) {

  /** The contender that the others are compared with. */
  static final String NONE = "no table";

  /**
   * Packets through one table.
   *
   * @param connect durations of opening connections
   * @param sendNs of a packet that opens none
   */
  record Path(
      String table, Distribution connect, double sendNs, double exchanges, double bytesPerSecond) {}

  record Calculation(PolicyWorld world, List<Cost> costs) {}

  PolicyReport {
    paths = List.copyOf(paths);
    calculations = List.copyOf(calculations);
  }

  private Optional<Path> without() {
    return paths.stream().filter(path -> path.table().equals(NONE)).findFirst();
  }

  void printTable(PrintWriter out, int widthColumns) {
    out.println(machine);
    out.println();
    out.println("Packets between two pods of a node; all policies apply to the receiver");
    Optional<Path> none = without();
    List<List<String>> cells = new ArrayList<>();
    for (Path path : paths) {
      Path base = none.orElse(path);
      double connect = path.connect().percentileMs(0.5) * 1000;
      cells.add(
          List.of(
              path.table(),
              number("%.1f", connect),
              number("%.2f", connect / (base.connect().percentileMs(0.5) * 1000)),
              number("%.0f", path.sendNs()),
              number("%.2f", path.sendNs() / base.sendNs()),
              number("%.2f", path.exchanges() / base.exchanges()),
              number("%.2f", path.bytesPerSecond() / base.bytesPerSecond())));
    }
    new TablePrinter(out, widthColumns)
        .print(
            List.of(
                "table",
                "connect µs",
                "of none",
                "new packet ns",
                "of none",
                "exchanges",
                "bytes/s"),
            cells);
    for (Calculation each : calculations) {
      out.println();
      out.printf("%,d endpoints, %,d policies%n", each.world().pods(), each.world().policies());
      List<List<String>> rows = new ArrayList<>();
      for (Cost cost : each.costs()) {
        rows.add(
            List.of(
                cost.change(),
                Integer.toString(cost.index().count()),
                number("%.3f", cost.index().percentileMs(0.5)),
                number("%.3f", cost.index().percentileMs(0.99)),
                number("%.3f", cost.node().percentileMs(0.5)),
                number("%.3f", cost.node().percentileMs(0.99))));
      }
      new TablePrinter(out, widthColumns)
          .print(
              List.of("change", "times", "index p50 ms", "p99 ms", "node p50 ms", "p99 ms"), rows);
    }
    out.println();
    out.println(
        number("%7.0f", memory.bytesPerEndpoint() / 1.024)
            + " KiB of the index for 1,000 endpoints");
    out.println(
        number("%7.0f", memory.bytesPerPolicy() / 1.024) + " KiB of the index for 1,000 policies");
    out.flush();
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  ObjectNode toJson() {
    ObjectNode root = new JsonMapper().createObjectNode();
    machine.write(root);
    for (Path path : paths) {
      root.withArray("/packets")
          .addObject()
          .put("table", path.table())
          .put("connectP50Us", path.connect().percentileMs(0.5) * 1000)
          .put("newPacketNs", path.sendNs())
          .put("exchangesPerSecond", path.exchanges())
          .put("bytesPerSecond", path.bytesPerSecond());
    }
    for (Calculation each : calculations) {
      ObjectNode calculation =
          root.withArray("/calculations")
              .addObject()
              .put("endpoints", each.world().pods())
              .put("policies", each.world().policies());
      for (Cost cost : each.costs()) {
        calculation
            .withArray("/changes")
            .addObject()
            .put("change", cost.change())
            .put("times", cost.index().count())
            .put("indexP50Ms", cost.index().percentileMs(0.5))
            .put("indexP99Ms", cost.index().percentileMs(0.99))
            .put("nodeP50Ms", cost.node().percentileMs(0.5))
            .put("nodeP99Ms", cost.node().percentileMs(0.99));
      }
    }
    root.putObject("memory")
        .put("bytesPerEndpoint", memory.bytesPerEndpoint())
        .put("bytesPerPolicy", memory.bytesPerPolicy());
    return root;
  }
}
