package io.ocicat.lab;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.client.ApiClient;
import io.ocicat.client.ApiException;
import io.ocicat.client.Kubeconfig;
import io.ocicat.inet.IpAddress;
import io.ocicat.libc.NetNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Brings a lab up. */
final class LabStart {
  static final String CONTROLLER = "controller";
  static final String SERVE = "serve";

  private static final Duration READY = Duration.ofSeconds(60);
  private static final int LOG_LINES_QUOTED = 12;

  private final LabSpec spec;
  private final LabFiles files;
  private final Progress progress;
  private final LabProcesses processes;
  private final Fabric fabric;

  LabStart(LabSpec spec, LabFiles files, Progress progress) {
    this.spec = spec;
    this.files = files;
    this.progress = progress;
    this.processes = new LabProcesses(files);
    this.fabric = new Fabric(spec.families());
  }

  Lab run() {
    try {
      return start();
    } catch (RuntimeException e) {
      LabException told =
          new LabException("bring up lab '" + spec.name() + "': " + e.getMessage() + logTails(), e);
      Remains.remove(files);
      throw told;
    }
  }

  private Lab start() {
    List<LabNode> nodes = new ArrayList<>();
    for (int number = 1; number <= spec.nodes(); number++) {
      String name = "node-" + number;
      nodes.add(
          new LabNode(
              name, LabFiles.netns(files.nodeNetns(name)), fabric.node(number), files.node(name)));
    }
    createDirectories(nodes);
    layNetwork(nodes);
    progress.step(
        "network namespaces laid for %s; starting the JVMs of the controller and %s"
            .formatted(counted(nodes, "node"), counted(nodes, "agent")));
    startProcesses(nodes);
    Lab lab = new Lab(files, nodes);
    awaitApi();
    try (ApiClient api = lab.api()) {
      createPools(api, spec.families());
      progress.step("the controller serves its API; agents join and lease addresses");
      awaitNodes(api, nodes);
    }
    write(files.description(), lab.describe().toPrettyString());
    progress.step("every node is ready: its policy is in the kernel and its CNI plugin installed");
    return lab;
  }

  private static String counted(List<LabNode> nodes, String what) {
    return nodes.size() + " " + what + (nodes.size() == 1 ? "" : "s");
  }

  private void createDirectories(List<LabNode> nodes) {
    try {
      Files.createDirectories(files.controller());
      Files.createDirectories(files.pods());
      for (LabNode node : nodes) {
        Files.createDirectories(node.cniBin());
        Files.createDirectories(node.cniConfDirectory());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("make the directories below " + files.root(), e);
    }
  }

  private void layNetwork(List<LabNode> nodes) {
    try (NetNamespace bridge = create(files.fabricNetns())) {
      fabric.layBridge(bridge);
      int number = 1;
      for (LabNode node : nodes) {
        try (NetNamespace place = create(files.nodeNetns(node.name()))) {
          fabric.plug(bridge, place, number++);
        }
      }
    }
  }

  private static NetNamespace create(String name) {
    return NetNamespace.createNamed(NetNamespace.NAMED_DIRECTORY, name);
  }

  private void startProcesses(List<LabNode> nodes) {
    ControllerPlace controller = new ControllerPlace(files, fabric.gateway());
    controller.prepare();
    startController(files);
    for (LabNode node : nodes) {
      write(
          agentConfiguration(node),
          agentYaml(node, controller.syncAddress(), controller.joinToken(), spec.routes()));
      startAgent(files, node);
    }
    startServing(files);
  }

  static void startController(LabFiles files) {
    ProcessHandle _ = new LabProcesses(files).start(CONTROLLER, ControllerPlace.arguments(files));
  }

  static void startAgent(LabFiles files, LabNode node) {
    try (NetNamespace place = NetNamespace.open(node.netns())) {
      ProcessHandle _ =
          new LabProcesses(files)
              .startIn(
                  place,
                  node.name(),
                  List.of("agent", "--config", agentConfiguration(node).toString()));
    }
  }

  private static Path agentConfiguration(LabNode node) {
    return node.directory().resolve("agent.yaml");
  }

  static void startServing(LabFiles files) {
    try (NetNamespace place = NetNamespace.open(LabFiles.netns(files.fabricNetns()))) {
      ProcessHandle _ =
          new LabProcesses(files).startIn(place, SERVE, List.of("lab", "serve", files.name()));
    }
  }

  /** An agent's configuration. */
  static String agentYaml(LabNode node, String controller, Path joinToken, LabSpec.Routes routes) {
    ObjectNode yaml = JsonNodeFactory.instance.objectNode();
    yaml.put("nodeName", node.name());
    for (IpAddress address : node.addresses()) {
      yaml.withArrayProperty("nodeAddresses").add(address.toString());
    }
    yaml.put("controller", controller);
    yaml.put("joinTokenFile", joinToken.toString());
    yaml.put("stateDir", node.directory().resolve("state").toString());
    yaml.put("runDir", node.directory().resolve("run").toString());
    yaml.put("cniBinDir", node.cniBin().toString());
    yaml.put("cniConfDir", node.cniConfDirectory().toString());
    yaml.put("routes", routes.word());
    return io.ocicat.client.Documents.toYaml(yaml);
  }

  private void awaitApi() {
    boolean _ =
        Waiting.until(
            READY,
            () -> {
              if (!Files.exists(files.kubeconfig())) {
                requireLiving(CONTROLLER);
                return Optional.empty();
              }
              try (ApiClient api = new ApiClient(Kubeconfig.read(List.of(files.kubeconfig())))) {
                ClusterStatus _ = ClusterStatus.read(api);
                return Optional.of(true);
              } catch (ApiException e) {
                requireLiving(CONTROLLER);
                return Optional.empty();
              }
            },
            () -> new LabException("the controller does not answer"));
  }

  private void requireLiving(String role) {
    if (processes.living(role).isEmpty()) {
      throw new LabException("the process '" + role + "' has ended");
    }
  }

  /** The pools that pods get their addresses from. */
  static void createPools(ApiClient api, LabSpec.Families families) {
    if (families == LabSpec.Families.DUAL_STACK) {
      createPool(api, "default-ipv4", "10.244.0.0/16", 26);
    }
    createPool(api, "default-ipv6", "fd10:244::/64", 122);
  }

  private static void createPool(ApiClient api, String name, String cidr, int blockSize) {
    ObjectNode pool = JsonNodeFactory.instance.objectNode();
    pool.put("apiVersion", "projectcalico.org/v3").put("kind", "IPPool");
    pool.putObject("metadata").put("name", name);
    pool.putObject("spec")
        .put("cidr", cidr)
        .put("blockSize", blockSize)
        .put("natOutgoing", true)
        .put("nodeSelector", "all()");
    api.create(
        new ApiClient.Attempt("create ippools " + name, "/apis/projectcalico.org/v3/ippools"),
        pool);
  }

  private void awaitNodes(ApiClient api, List<LabNode> nodes) {
    List<String> missing = new ArrayList<>();
    boolean _ =
        Waiting.until(
            READY,
            () -> {
              ClusterStatus status = ClusterStatus.read(api);
              missing.clear();
              for (LabNode node : nodes) {
                boolean ready =
                    status.nodes().stream()
                        .anyMatch(each -> each.name().equals(node.name()) && each.ready());
                if (!ready || !node.runtime().configured()) {
                  missing.add(node.name());
                  requireLiving(node.name());
                }
              }
              return missing.isEmpty() ? Optional.of(true) : Optional.empty();
            },
            () ->
                new LabException(
                    "after "
                        + READY.toSeconds()
                        + " s these nodes are not ready: "
                        + String.join(", ", missing)));
  }

  /** The last lines of every log, for they are about to be deleted. */
  private String logTails() {
    StringBuilder tails = new StringBuilder();
    try (Stream<Path> logs = Files.list(files.root())) {
      for (Path log : (Iterable<Path>) logs.sorted()::iterator) {
        if (!log.toString().endsWith(".log")) {
          continue;
        }
        List<String> lines = Files.readAllLines(log);
        if (!lines.isEmpty()) {
          tails.append("\n--- the end of ").append(log.getFileName()).append('\n');
          lines
              .subList(Math.max(0, lines.size() - LOG_LINES_QUOTED), lines.size())
              .forEach(line -> tails.append("  ").append(line).append('\n'));
        }
      }
    } catch (IOException e) {
      return "";
    }
    return tails.toString();
  }

  static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("write " + file, e);
    }
  }
}
