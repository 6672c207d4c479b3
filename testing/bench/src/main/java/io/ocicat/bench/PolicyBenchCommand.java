package io.ocicat.bench;

import io.ocicat.bench.PacketMeasurement.Look;
import io.ocicat.bench.PolicyCalculation.Cost;
import io.ocicat.cli.OutputOption;
import io.ocicat.nftables.NftTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ocicat bench policy}: packets through policies, and changes of policies. */
@Command(
    name = "policy",
    mixinStandardHelpOptions = true,
    description = {
      "Measure what policies cost packets, and what changes of them cost.",
      "",
      "Packets go between two pods of a node in namespaces of their own: through no table, through"
          + " Ocicat's with 10, 100 and 1,000 policies that apply to the receiver, and through the"
          + " same policies as rules one after the other. Changes are measured in the controller's"
          + " index and on a node with 110 pods until its kernel enforces them, without what"
          + " carries them from one to the other. Needs root."
    })
final class PolicyBenchCommand implements Callable<Integer> {

  @Option(
      names = "--rounds",
      defaultValue = "20",
      description = "Looks at each table, taken in turn (default: ${DEFAULT-VALUE}).")
  private int rounds = 20;

  @Option(
      names = "--endpoints",
      split = ",",
      defaultValue = "10000,100000",
      description = "Sizes of clusters to calculate with (default: ${DEFAULT-VALUE}).")
  private List<Integer> endpoints = List.of();

  @Option(
      names = "--policies",
      defaultValue = "1000",
      description = "Policies of these clusters (default: ${DEFAULT-VALUE}).")
  private int policies = 1000;

  @Option(
      names = "--changes",
      defaultValue = "500",
      description = "Changes of each kind (default: ${DEFAULT-VALUE}).")
  private int changes = 500;

  @Mixin private OutputOption output = new OutputOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    if (rounds < 1
        || rounds > 1000
        || changes < 10
        || changes > 10_000
        || policies < 1
        || policies > 10_000
        || endpoints.stream().anyMatch(each -> each < 2000 || each > 1_000_000)) {
      spec.commandLine()
          .getErr()
          .println(
              "ocicat: --rounds takes 1 to 1000, --changes 10 to 10000, --policies 1 to 10000,"
                  + " --endpoints 2000 to 1000000 each");
      return 2;
    }
    PolicyMemory memory = PolicyMemory.measure(new PolicyWorld(10_000, 1000));
    List<PolicyReport.Calculation> calculations = new ArrayList<>();
    for (int size : endpoints) {
      PolicyWorld world = new PolicyWorld(size, policies);
      // The JVM is warm when it counts.
      tell("%,d endpoints: warming up".formatted(size));
      calculate(world);
      tell("%,d endpoints: measuring".formatted(size));
      calculations.add(new PolicyReport.Calculation(world, calculate(world)));
    }
    PolicyReport report = new PolicyReport(Machine.here(), packets(), calculations, memory);
    PrintWriter out = spec.commandLine().getOut();
    if (output.json()) {
      out.println(report.toJson().toPrettyString());
      out.flush();
    } else {
      report.printTable(out, 0);
    }
    return 0;
  }

  private List<Cost> calculate(PolicyWorld world) {
    try (PolicyCalculation calculation = new PolicyCalculation(world)) {
      List<Cost> costs = new ArrayList<>();
      costs.add(calculation.firstSync());
      costs.addAll(calculation.changes(changes));
      return costs;
    }
  }

  private List<PolicyReport.Path> packets() throws IOException {
    try (PacketPath path = new PacketPath();
        PacketMeasurement measurement = new PacketMeasurement(path)) {
      Map<String, NftTable> tables = new LinkedHashMap<>();
      path.contenders().forEach((name, table) -> tables.put(name, table.get()));
      Map<String, List<Look>> looks = new LinkedHashMap<>();
      for (int round = 0; round <= rounds; round++) {
        tell("packets: round %d of %d".formatted(round, rounds));
        for (Map.Entry<String, NftTable> each : tables.entrySet()) {
          path.use(each.getValue());
          measurement.look(20, 200, 200, 50);
          Look look = measurement.look(150, 5000, 2000, 1000);
          // The first one warms up.
          if (round > 0) {
            looks.computeIfAbsent(each.getKey(), _ -> new ArrayList<>()).add(look);
          }
        }
      }
      List<PolicyReport.Path> paths = new ArrayList<>();
      looks.forEach((name, all) -> paths.add(path(name, all)));
      return paths;
    }
  }

  /** Of each number the median over the rounds. */
  private static PolicyReport.Path path(String name, List<Look> looks) {
    return new PolicyReport.Path(
        name,
        Distribution.together(looks.stream().map(Look::connect).toList()),
        median(looks.stream().mapToDouble(Look::sendNs).toArray()),
        median(looks.stream().mapToDouble(Look::exchanges).toArray()),
        median(looks.stream().mapToDouble(Look::bytesPerSecond).toArray()));
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private void tell(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }
}
