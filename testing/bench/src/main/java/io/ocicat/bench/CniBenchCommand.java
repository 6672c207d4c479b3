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
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
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
      "Ocicat runs in a lab of one node, dual stack, with masquerade and its policy table in force;"
          + " once with pods that the API knows, as on Kubernetes, and once with pods that it must"
          + " ask for. 'netlink alone' is the kernel's share of the same wiring. Debian's ptp and"
          + " bridge plugins run with host-local, without policy: IPv4 alone, IPv4 with masquerade,"
          + " and ptp also as Ocicat does, dual stack with masquerade. Needs root."
    })
final class CniBenchCommand implements Callable<Integer> {

  /** The contenders that the report compares the others with. */
  static final String NETLINK = "netlink alone";

  static final String OCICAT = "ocicat";

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
    observed.add(measure(NETLINK, load, 1, NetlinkContender::new));
    observed.add(measure(OCICAT, load, rounds, () -> ocicat(OCICAT, true)));
    observed.add(measure("ocicat, asking", load, rounds, () -> ocicat("ocicat, asking", false)));
    for (DebianPlugin plugin : DebianPlugin.ALL) {
      if (Files.isExecutable(DebianPlugin.FOLDER.resolve(plugin.type()))) {
        // One of the second kind takes seconds, for it waits for duplicate address detection.
        Load bounded = plugin.dualStack() ? new Load(0, Math.min(alone, 10), together) : load;
        observed.add(measure(plugin.name(), bounded, 0, plugin::contender));
      } else {
        tell(
            plugin.type()
                + " is not at "
                + DebianPlugin.FOLDER
                + " and left out"
                + " (Debian: apt-get install containernetworking-plugins iptables)");
      }
    }
    print(new CniReport(Machine.here(), observed));
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

  private static Contender ocicat(String name, boolean podsKnown) {
    Lab.down(LAB);
    Lab lab = Lab.up(new LabSpec(LAB, 1, LabSpec.Families.DUAL_STACK), Progress.SILENT);
    LabNode node = lab.nodes().getFirst();
    NetNamespace namespace = NetNamespace.open(node.netns());
    return new PluginContender(
        name,
        namespace,
        node.cniBin(),
        new PluginContender.Conf("ocicat", pluginOf(node.cniConf())),
        podsKnown ? pods -> PodObjects.create(lab, node, pods) : _ -> {},
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
