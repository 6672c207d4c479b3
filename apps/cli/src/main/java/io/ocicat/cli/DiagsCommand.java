package io.ocicat.cli;

import io.ocicat.client.ApiClient;
import io.ocicat.client.Kubeconfig;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ocicat diags}. */
@Command(
    name = "diags",
    mixinStandardHelpOptions = true,
    description = "Put together what a report of a problem needs, in one tar.gz.",
    footer = {
      "",
      "Of agents on this machine: process, links, routes, parameters and the",
      "nftables table; of labs: logs. Of the cluster, as far as the kubeconfig may",
      "read it: status, nodes, pods without their environment and arguments,",
      "policies, pools, leases, warnings, and the ends of our own pods' logs.",
      "No Secrets, keys or tokens; but names, labels and addresses. What could not",
      "be had is told, and is in missing.txt."
    })
final class DiagsCommand implements Callable<Integer> {
  private static final Path LABS = Path.of("/run/ocicat/lab");
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  /** What to look at. */
  enum Part {
    cluster,
    node
  }

  @Mixin private Server server = new Server();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "A file that is not there yet (default: ocicat-diags-TIME.tar.gz here); - for standard output.")
  private @Nullable Path output;

  @Option(
      names = "--only",
      paramLabel = "PART",
      description = "cluster: nothing of this machine; node: nothing of the cluster.")
  private @Nullable Part only;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "60s",
      converter = DurationConverter.class,
      description = "After this, what is there has to do (${DEFAULT-VALUE}).")
  private Duration timeout = Duration.ofSeconds(60);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Instant now = Instant.now();
    String folder = "ocicat-diags-" + STAMP.format(now);
    Path file = output == null ? Path.of(folder + ".tar.gz") : output;
    List<String> problems;
    try (OutputStream out = open(file);
        Bundle bundle = new Bundle(out, folder, now, timeout)) {
      collect(bundle);
      problems = bundle.problems();
    } catch (IOException e) {
      throw new UncheckedIOException("write " + file, e);
    }
    PrintWriter err = spec.commandLine().getErr();
    problems.forEach(each -> err.println("ocicat: not in it: " + Bundle.withoutSecrets(each)));
    err.flush();
    if (!isStandardOutput(file)) {
      spec.commandLine().getOut().println(file);
      spec.commandLine().getOut().flush();
    }
    return 0;
  }

  private static boolean isStandardOutput(Path file) {
    return file.toString().equals("-");
  }

  private static OutputStream open(Path file) throws IOException {
    if (isStandardOutput(file)) {
      return System.out;
    }
    return Channels.newOutputStream(
        Files.newByteChannel(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))));
  }

  /** This machine first: it answers at once, and the cluster may not. */
  private void collect(Bundle bundle) throws IOException {
    bundle.add(
        "versions.txt",
        () ->
            "%s%njava %s%n%s"
                .formatted(
                    String.join(" ", new VersionCommand().getVersion()),
                    Runtime.version(),
                    Files.readString(Path.of("/proc/version"))));
    if (only != Part.cluster) {
      node(bundle);
    }
    if (only != Part.node) {
      try (ApiClient client = server.connect()) {
        new ClusterDiags(bundle, client).collect();
      } catch (Refusal | Kubeconfig.UnusableException e) {
        bundle.missing("cluster: " + e.getMessage());
      }
    }
  }

  private void node(Bundle bundle) throws IOException {
    List<Long> agents = NodeDiags.agents();
    if (agents.isEmpty()) {
      bundle.missing("node: no agent runs on this machine, or none that this user may look at");
    }
    for (long agent : agents) {
      new NodeDiags(bundle).collect(agent);
    }
    List<Path> labs = bundle.ask("lab", () -> files(LABS, "*")).orElse(List.of());
    for (Path lab : labs) {
      List<Path> logs = bundle.ask("lab/" + lab, () -> files(lab, "*.log")).orElse(List.of());
      for (Path log : logs) {
        bundle.add("lab/" + lab.getFileName() + "/" + log.getFileName(), () -> Bundle.tail(log));
      }
    }
  }

  private static List<Path> files(Path directory, String pattern) throws IOException {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, pattern)) {
        files.forEach(found::add);
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }
    found.sort(null);
    return found;
  }
}
