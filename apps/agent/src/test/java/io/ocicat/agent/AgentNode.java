package io.ocicat.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.ocicat.cniplugin.CniPlugin;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.libc.NetNamespace;
import io.ocicat.links.OwnLink;
import io.ocicat.nftables.NftConnection;
import io.ocicat.nftables.NftFamily;
import io.ocicat.nftables.NftTable;
import io.ocicat.nftables.Table;
import io.ocicat.plan.DesiredRoute;
import io.ocicat.rtnetlink.AddressCodec;
import io.ocicat.rtnetlink.AddressMessage;
import io.ocicat.rtnetlink.LinkCodec;
import io.ocicat.rtnetlink.LinkSettings;
import io.ocicat.rtnetlink.RouteMessage;
import io.ocicat.rtnetlink.Rtnetlink;
import io.ocicat.state.FaultPoints;
import io.ocicat.sync.SyncDelta;
import io.ocicat.sync.SyncItem;
import io.ocicat.sync.grpc.TableFile;
import java.io.IOException;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A node in a network namespace of its own, with an agent that can be started and killed, and pods.
 * Its agent has no controller: it lives from a saved table.
 */
final class AgentNode implements AutoCloseable {

  static final String DUAL_STACK_BLOCKS = "10.71.0.0/26 fd71::/122";
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final JsonMapper JSON = new JsonMapper();
  private static final Table TABLE = new Table(NftFamily.INET, "ocicat");

  /** What a run of the CNI executable said. */
  record Answer(int status, String out) {
    JsonNode json() {
      try {
        return JSON.readTree(out);
      } catch (IOException e) {
        throw new AssertionError("not JSON: " + out, e);
      }
    }

    List<IpAddress> addresses() {
      assertThat(status).as(out).isZero();
      List<IpAddress> addresses = new ArrayList<>();
      json()
          .path("ips")
          .forEach(ip -> addresses.add(IpAddress.parse(ip.path("address").asText().split("/")[0])));
      return addresses;
    }

    int code() {
      assertThat(status).as(out).isEqualTo(1);
      return json().path("code").asInt();
    }
  }

  final Path folder;
  final NetNamespace namespace;
  private final Path netnsFolder;
  private final Path plugin;
  private final Map<String, NetNamespace> pods = new HashMap<>();
  private final List<SyncItem> items = new ArrayList<>();
  private long generation = 1;
  private @Nullable Process process;

  AgentNode(Path folder) throws IOException {
    this.folder = folder;
    this.netnsFolder = folder.resolve("netns");
    this.namespace = NetNamespace.createNamed(netnsFolder, "node");
    this.plugin = folder.resolve("bin/ocicat");
    try (Rtnetlink rtnetlink = Rtnetlink.openIn(namespace)) {
      rtnetlink.execute(LinkCodec.setLink(1, LinkSettings.NONE.up()));
      for (String address : List.of("192.0.2.1", "2001:db8::1")) {
        IpAddress own = IpAddress.parse(address);
        rtnetlink.execute(AddressCodec.newAddress(AddressMessage.of(own, own.family().bits(), 1)));
      }
    }
    Files.createDirectories(plugin.resolveSibling(""));
    Files.write(plugin, CniPlugin.executable());
    Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createDirectories(folder.resolve("state"));
    Files.writeString(
        folder.resolve("agent.yaml"),
        """
        nodeName: n1
        nodeAddresses: [192.0.2.1, "2001:db8::1"]
        stateDir: state
        runDir: run
        cniBinDir: bin
        cniConfDir: conf
        driftCheckSeconds: 1
        """);
  }

  /** A node that holds these blocks, each from a pool of its own. */
  static AgentNode withBlocks(Path folder, String blocks) throws IOException {
    AgentNode node = new AgentNode(folder);
    for (String block : blocks.split(" ")) {
      Cidr cidr = Cidr.parse(block);
      String pool = "pool-" + cidr.family().bits();
      node.items.add(
          new SyncItem.Pool(
              pool,
              """
              {"apiVersion":"projectcalico.org/v3","kind":"IPPool","metadata":{"name":"%s"},
               "spec":{"cidr":"%s","blockSize":%d}}
              """
                  .formatted(pool, cidr, cidr.prefixLength())));
      node.items.add(new SyncItem.Block(cidr, pool, "n1", List.of()));
    }
    node.saveTable();
    return node;
  }

  /** Adds what a controller would have sent before the agent was started. */
  AgentNode with(SyncItem... more) {
    items.addAll(List.of(more));
    saveTable();
    return this;
  }

  private void saveTable() {
    new TableFile(folder.resolve("state/table"))
        .save(new SyncDelta("e1", generation++, true, items, List.of(), List.of()));
  }

  AgentNode start() throws IOException, InterruptedException {
    return start("");
  }

  /** Starts the agent, which dies at the fault point of that name if there is one. */
  AgentNode start(String faultPoint) throws IOException, InterruptedException {
    Process started = launch(faultPoint);
    await(
        "the agent takes pods", () -> !started.isAlive() || call("STATUS", "", "eth0").status == 0);
    assertThat(started.isAlive()).as(log()).isTrue();
    return this;
  }

  /** Starts the agent where it will not take pods. */
  void startUnready() throws IOException, InterruptedException {
    startUnready("");
  }

  void startUnready(String faultPoint) throws IOException, InterruptedException {
    Process _ = launch(faultPoint);
  }

  /** Adds a line to the configuration, instead of one with the same field. */
  void configure(String line) throws IOException {
    Path file = folder.resolve("agent.yaml");
    String field = line.substring(0, line.indexOf(':') + 1);
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    lines.removeIf(each -> each.startsWith(field));
    lines.add(line);
    Files.write(file, lines);
  }

  private Process launch(String faultPoint) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            AgentMain.class.getName(),
            "--config",
            folder.resolve("agent.yaml").toString());
    builder.environment().put(FaultPoints.VARIABLE, faultPoint);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
    Process started = namespace.call(builder::start);
    process = started;
    await("the agent serves", () -> serves() || !started.isAlive());
    return started;
  }

  private boolean serves() {
    try (SocketChannel _ =
        SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("run/agent.sock")))) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private Process process() {
    return Optional.ofNullable(process).orElseThrow();
  }

  /** As kill -9. */
  void kill() throws InterruptedException {
    process().destroyForcibly();
    assertThat(process().waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  /** Asks it to end. */
  int stop() throws InterruptedException {
    process().destroy();
    assertThat(process().waitFor(15, TimeUnit.SECONDS)).as(log()).isTrue();
    return process().exitValue();
  }

  int awaitDeath() throws InterruptedException {
    assertThat(process().waitFor(15, TimeUnit.SECONDS)).as(log()).isTrue();
    return process().exitValue();
  }

  String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waiting until " + what).isLessThan(end);
      Thread.sleep(10);
    }
  }

  /** A pod's network namespace, made when it is first asked for. */
  NetNamespace pod(String container) {
    return pods.computeIfAbsent(
        container, name -> NetNamespace.createNamed(netnsFolder, "pod-" + name));
  }

  void deletePod(String container) {
    NetNamespace.deleteNamed(netnsFolder, "pod-" + container);
    NetNamespace pod = pods.remove(container);
    if (pod != null) {
      pod.close();
    }
  }

  Answer add(String container) {
    return call("ADD", container, "eth0");
  }

  Answer del(String container) {
    return call("DEL", container, "eth0");
  }

  Answer call(String command, String container, String ifName, String... confFields) {
    if (!container.isEmpty() && command.equals("ADD")) {
      NetNamespace _ = pod(container);
    }
    try {
      ProcessBuilder builder = new ProcessBuilder(plugin.toString());
      builder.environment().clear();
      builder
          .environment()
          .putAll(
              Map.of(
                  "CNI_COMMAND",
                  command,
                  "CNI_CONTAINERID",
                  container,
                  "CNI_IFNAME",
                  ifName,
                  "CNI_NETNS",
                  netnsFolder.resolve("pod-" + container).toString(),
                  "CNI_PATH",
                  folder.resolve("bin").toString(),
                  "CNI_ARGS",
                  "IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=" + container));
      Process run = builder.start();
      String extra = confFields.length == 0 ? "" : "," + String.join(",", confFields);
      try (OutputStream in = run.getOutputStream()) {
        in.write(
            "{\"cniVersion\":\"1.1.0\",\"name\":\"ocicat\",\"type\":\"ocicat\",\"agentSocket\":\"%s\"%s}"
                .formatted(folder.resolve("run/agent.sock"), extra)
                .getBytes(UTF_8));
      }
      String out = new String(run.getInputStream().readAllBytes(), UTF_8);
      assertThat(run.waitFor(70, TimeUnit.SECONDS)).isTrue();
      return new Answer(run.exitValue(), out);
    } catch (IOException e) {
      throw new AssertionError(command + " of " + container, e);
    } catch (InterruptedException e) {
      throw new AssertionError(command + " of " + container, e);
    }
  }

  /** Container ids of the links on the node. */
  List<String> linkedContainers() {
    try (Rtnetlink rtnetlink = Rtnetlink.openIn(namespace)) {
      return rtnetlink.links().stream()
          .filter(link -> link.name().startsWith("oci"))
          .map(link -> OwnLink.of(link).map(OwnLink::containerId).orElse(link.name()))
          .sorted()
          .toList();
    }
  }

  /** Our routes' destinations, without those of whole blocks. */
  List<IpAddress> routedAddresses() {
    try (Rtnetlink rtnetlink = Rtnetlink.openIn(namespace)) {
      return rtnetlink.routes(DesiredRoute.PROTOCOL).stream()
          .map(RouteMessage::destination)
          .filter(Cidr::isHost)
          .map(Cidr::address)
          .sorted()
          .toList();
    }
  }

  List<Cidr> routedBlocks() {
    try (Rtnetlink rtnetlink = Rtnetlink.openIn(namespace)) {
      return rtnetlink.routes(DesiredRoute.PROTOCOL).stream()
          .map(RouteMessage::destination)
          .filter(cidr -> !cidr.isHost())
          .sorted()
          .toList();
    }
  }

  Optional<NftTable> nftTable() {
    try (NftConnection nftables = namespace.call(NftConnection::open)) {
      return nftables.dump(TABLE).map(dump -> dump.content());
    }
  }

  /** How many endpoints the egress and the ingress map of nftables have. */
  List<Integer> mappedEndpoints() {
    NftTable table = nftTable().orElseThrow();
    return List.of(
        table.set("egress").orElseThrow().elements().toList().size(),
        table.set("ingress").orElseThrow().elements().toList().size());
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
    pods.keySet().forEach(name -> NetNamespace.deleteNamed(netnsFolder, "pod-" + name));
    pods.values().forEach(NetNamespace::close);
    NetNamespace.deleteNamed(netnsFolder, "node");
    namespace.close();
  }
}
