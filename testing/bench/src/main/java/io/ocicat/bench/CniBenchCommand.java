package io.ocicat.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.bench.CniMeasurement.Load;
import io.ocicat.bench.CniMeasurement.Observed;
import io.ocicat.cli.OutputOption;
import io.ocicat.lab.Lab;
import io.ocicat.lab.LabNode;
import io.ocicat.lab.LabSpec;
import io.ocicat.lab.Progress;
import io.ocicat.libc.NetNamespace;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ocicat bench cni}: ADD and DEL against the bare kernel and against Debian's plugins. */
@Command(
    name = "cni",
    mixinStandardHelpOptions = true,
    description = {
      "Measure ADD and DEL, from starting the plugin to its answer.",
      "",
      "Ocicat runs in a lab of one node, dual stack, with its policy table in force. 'netlink"
          + " alone' is the kernel's share of the same wiring. Debian's ptp and bridge plugins run"
          + " with host-local and IPv4 alone, without policy. Needs root."
    })
final class CniBenchCommand implements Callable<Integer> {

  private static final Path DEBIAN_PLUGINS = Path.of("/usr/lib/cni");
  private static final String LAB = "bench-cni";

  @Option(
      names = "--alone",
      defaultValue = "100",
      description = "Calls one after the other (default: ${DEFAULT-VALUE}).")
  private int alone = 100;

  @Option(
      names = "--together",
      defaultValue = "100",
      description = "Calls at once, at most 200 (default: ${DEFAULT-VALUE}).")
  private int together = 100;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description =
          "Rounds over Ocicat before the one that counts, so that its JVM is warm"
              + " (default: ${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Mixin private OutputOption output = new OutputOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    if (alone < 1 || alone > 1000 || together < 1 || together > 200 || rounds < 0 || rounds > 50) {
      spec.commandLine()
          .getErr()
          .println("ocicat: --alone takes 1 to 1000, --together 1 to 200, --rounds 0 to 50");
      return 2;
    }
    Load load = new Load(20, alone, together);
    List<Observed> observed = new ArrayList<>();
    observed.add(measure("netlink alone", load, 1, NetlinkContender::new));
    observed.add(measure("ocicat", load, rounds, CniBenchCommand::ocicat));
    for (String type : List.of("ptp", "bridge")) {
      if (Files.isExecutable(DEBIAN_PLUGINS.resolve(type))) {
        observed.add(measure(type + " + host-local", load, 0, () -> debian(type)));
      } else {
        tell(
            type
                + " is not at "
                + DEBIAN_PLUGINS
                + " and left out"
                + " (Debian: apt-get install containernetworking-plugins)");
      }
    }
    print(new CniReport(machine(), observed));
    return 0;
  }

  private Observed measure(String name, Load load, int warmUpRounds, Supplier<Contender> made) {
    try (Contender contender = made.get()) {
      for (int round = 1; round <= warmUpRounds; round++) {
        tell("%s: warming up, %d of %d".formatted(name, round, warmUpRounds));
        CniMeasurement.run(contender, load);
      }
      tell(name + ": measuring");
      return CniMeasurement.run(contender, load);
    }
  }

  private void tell(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }

  private static Contender ocicat() {
    Lab.down(LAB);
    Lab lab = Lab.up(new LabSpec(LAB, 1, LabSpec.Families.DUAL_STACK), Progress.SILENT);
    LabNode node = lab.nodes().getFirst();
    NetNamespace namespace = NetNamespace.open(node.netns());
    return new PluginContender(
        "ocicat",
        namespace,
        node.cniBin(),
        new PluginContender.Conf("ocicat", pluginOf(node.cniConf())),
        () -> {
          namespace.close();
          Lab.down(LAB);
        });
  }

  /** The plugin's object out of a configuration list, as a runtime hands it to the plugin. */
  private static String pluginOf(Path conflist) {
    try {
      ObjectNode list = (ObjectNode) new JsonMapper().readTree(conflist.toFile());
      ObjectNode plugin = (ObjectNode) list.path("plugins").path(0);
      plugin.set("cniVersion", list.path("cniVersion"));
      plugin.set("name", list.path("name"));
      return plugin.toString();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + conflist, e);
    }
  }

  private static Contender debian(String type) {
    try {
      Path state = Files.createTempDirectory("ocicat-bench");
      NetNamespace node = NetNamespace.create();
      String json =
          """
          {"cniVersion":"1.0.0","name":"bench","type":"%s","bridge":"bench0","isGateway":true,
           "ipMasq":false,
           "ipam":{"type":"host-local","dataDir":"%s","ranges":[[{"subnet":"10.91.0.0/16"}]],
                   "routes":[{"dst":"0.0.0.0/0"}]}}
          """
              .formatted(type, state);
      return new PluginContender(
          type + " + host-local",
          node,
          DEBIAN_PLUGINS,
          new PluginContender.Conf(type, json),
          () -> {
            node.close();
            deleteAll(state);
          });
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a folder for host-local", e);
    }
  }

  private static void deleteAll(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + folder, e);
    }
  }

  private static CniReport.Machine machine() throws IOException {
    String cpu =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse("unknown processor");
    String kernel = Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
    return new CniReport.Machine(cpu, Runtime.getRuntime().availableProcessors(), kernel);
  }

  private void print(CniReport report) {
    PrintWriter out = spec.commandLine().getOut();
    if (output.json()) {
      out.println(report.toJson().toPrettyString());
      out.flush();
    } else {
      report.printTable(out, 0);
    }
  }
}
