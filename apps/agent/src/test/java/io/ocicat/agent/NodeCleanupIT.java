package io.ocicat.agent;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ocicat.cniplugin.CniPlugin;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.links.ProcSysctls;
import io.ocicat.rtnetlink.AddressCodec;
import io.ocicat.rtnetlink.AddressMessage;
import io.ocicat.rtnetlink.LinkCodec;
import io.ocicat.rtnetlink.LinkSettings;
import io.ocicat.rtnetlink.RouteCodec;
import io.ocicat.rtnetlink.RouteMessage;
import io.ocicat.rtnetlink.Rtnetlink;
import io.ocicat.rtnetlink.RuleCodec;
import io.ocicat.rtnetlink.RuleMessage;
import io.ocicat.state.FaultPoints;
import io.ocicat.sync.SyncItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node has an agent, and then has none: it is as it was. */
final class NodeCleanupIT {

  private static final List<String> OBSERVED =
      List.of(
          "nft list ruleset",
          "ip -o link",
          "ip -o address",
          "ip route show table all",
          "ip -6 route show table all",
          "ip rule",
          "ip -6 rule",
          "ip neighbour",
          // Some of them cannot be read.
          "grep -rs . /proc/sys/net/ipv4/conf /proc/sys/net/ipv6/conf /proc/sys/net/ipv4/ip_forward || true");

  @TempDir private Path folder;
  private AgentNode node;

  /** A place where a run of the clean-up dies. */
  private static final class Death extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  @BeforeEach
  void makeNode() throws IOException {
    node = AgentNode.withBlocks(folder, AgentNode.DUAL_STACK_BLOCKS);
    node.with(
        new SyncItem.Block(
            Cidr.parse("10.72.0.0/26"), "pool-32", "n2", List.of(IpAddress.parse("192.0.2.2"))));
    // Somebody else's, so that it is seen to stay.
    try (Rtnetlink rtnetlink = Rtnetlink.openIn(node.namespace)) {
      rtnetlink.execute(
          LinkCodec.newVeth(
              new LinkCodec.NamedLink("eth0", LinkSettings.NONE),
              new LinkCodec.NamedLink("eth1", LinkSettings.NONE),
              node.namespace.fd()));
      // Addresses that the kernel makes up would come while the test runs.
      for (LinkSettings settings :
          List.of(LinkSettings.NONE.withoutAddressGeneration(), LinkSettings.NONE.up())) {
        rtnetlink.execute(LinkCodec.setLink("eth0", settings));
        rtnetlink.execute(LinkCodec.setLink("eth1", settings));
      }
      int index = rtnetlink.link("eth0").orElseThrow().index();
      rtnetlink.execute(
          AddressCodec.newAddress(AddressMessage.of(IpAddress.parse("192.0.2.9"), 24, index)));
      rtnetlink.execute(RouteCodec.newRoute(blackhole("198.51.100.0/24", 4)));
      rtnetlink.execute(RuleCodec.newRule(RuleMessage.of(IpFamily.IPV4, 1000, 254, 4)));
    }
    inNode("nft add table inet other");
    inNode("nft add chain inet other c");
    sysctl("net/ipv4/ip_forward", "0");
    sysctl("net/ipv4/conf/eth1/forwarding", "1");
    sysctl("net/ipv6/conf/all/forwarding", "0");
    sysctl("net/ipv6/conf/eth0/forwarding", "1");
    Files.createDirectories(folder.resolve("conf"));
    Files.writeString(folder.resolve("conf/87-other.conflist"), "theirs");
    // A controller on the same machine has its folder there.
    Files.createDirectories(folder.resolve("state/controller"));
    Files.writeString(folder.resolve("state/controller/store.db"), "theirs");
  }

  @AfterEach
  void removeNode() {
    node.close();
  }

  private static RouteMessage blackhole(String cidr, int protocol) {
    return RouteMessage.blackhole(Cidr.parse(cidr), 0, protocol);
  }

  private void sysctl(String path, String value) {
    node.namespace.run(
        () -> {
          try {
            new ProcSysctls().write(path, value);
          } catch (IOException e) {
            throw new AssertionError(path, e);
          }
        });
  }

  private String inNode(String command) {
    try {
      Process process =
          node.namespace.call(
              () -> new ProcessBuilder("sh", "-c", command).redirectErrorStream(true).start());
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
      return output;
    } catch (IOException e) {
      throw new AssertionError(command, e);
    } catch (InterruptedException e) {
      throw new AssertionError(command, e);
    }
  }

  /** Kernel, parameters and files, as somebody who looks at the node sees them. */
  private Map<String, String> snapshot() throws IOException {
    Map<String, String> seen = new TreeMap<>();
    for (String command : OBSERVED) {
      seen.put(command, inNode(command));
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        Path name = folder.relativize(file);
        if (!name.startsWith("netns") && !name.endsWith("log")) {
          seen.put(
              "file " + name,
              Files.isRegularFile(file) ? Files.readString(file, ISO_8859_1) : "folder");
        }
      }
    }
    return seen;
  }

  private NodeCleanup.Outcome cleanUp(FaultPoints faults) {
    AgentConfig.Folders folders = AgentConfigReader.readFolders(folder.resolve("agent.yaml"));
    return node.namespace.call(() -> NodeCleanup.run(folders, faults));
  }

  private List<String> removed() {
    return switch (cleanUp(FaultPoints.NONE)) {
      case NodeCleanup.Outcome.Cleaned(var removed, var problems) -> {
        assertThat(problems).isEmpty();
        yield removed;
      }
      case NodeCleanup.Outcome.AgentRuns(String reason) -> throw new AssertionError(reason);
    };
  }

  /**
   * What the node was before it had an agent: these two files are what the test gave it of ours.
   */
  private Map<String, String> withoutUs() throws IOException {
    Map<String, String> before = snapshot();
    before.keySet().removeAll(List.of("file state/table", "file bin/ocicat"));
    return before;
  }

  /** Line by line, for what differs to be seen. */
  private void assertIsAsItWas(Map<String, String> before) throws IOException {
    Map<String, String> now = snapshot();
    assertThat(now.keySet()).isEqualTo(before.keySet());
    before.forEach(
        (what, content) ->
            assertThat(now.getOrDefault(what, "").lines().toList())
                .as(what)
                .containsExactlyInAnyOrderElementsOf(content.lines().toList()));
  }

  private void useTheNode() throws Exception {
    node.start();
    node.add("a");
    node.add("b");
    AgentNode.await(
        "the other node's block has its route",
        () -> node.routedBlocks().contains(Cidr.parse("10.72.0.0/26")));
    assertThat(inNode("cat /proc/sys/net/ipv4/conf/eth0/forwarding").strip()).isEqualTo("1");
    assertThat(snapshot()).containsKey("file bin/loopback");
  }

  @Test
  void leavesTheNodeAsItWas() throws Exception {
    Map<String, String> before = withoutUs();
    useTheNode();
    node.stop();
    // The next agent finds parameters that this one set.
    node.start();
    assertThat(cleanUp(FaultPoints.NONE))
        .isInstanceOfSatisfying(
            NodeCleanup.Outcome.AgentRuns.class,
            refusal -> assertThat(refusal.reason()).contains("agent.sock"));
    assertThat(node.linkedContainers()).containsExactly("a", "b");
    node.stop();

    assertThat(removed())
        .contains("nftables table inet ocicat", "sysctl net/ipv4/ip_forward is 0 again, not 1")
        .anyMatch(each -> each.matches("link oci[0-9a-f]{12} of pod shop/a"))
        .anyMatch(each -> each.startsWith("route 10.72.0.0/26 via 192.0.2.2"))
        .anyMatch(each -> each.equals("file " + folder.resolve("state/journal")));
    assertIsAsItWas(before);
    assertThat(removed()).isEmpty();
    assertIsAsItWas(before);
  }

  @Test
  void cleansUpAfterAnAgentThatWasKilledAndThenTakesOneAgain() throws Exception {
    Map<String, String> before = withoutUs();
    useTheNode();
    node.kill();
    assertThat(removed()).isNotEmpty();
    assertIsAsItWas(before);
    node.with();
    Files.write(folder.resolve("bin/ocicat"), CniPlugin.executable());
    Files.setPosixFilePermissions(
        folder.resolve("bin/ocicat"), PosixFilePermissions.fromString("rwxr-xr-x"));
    node.start();
    assertThat(node.add("c").addresses()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cleanup-plugin",
        "cleanup-links",
        "cleanup-routes",
        "cleanup-table",
        "cleanup-sysctls",
        "cleanup-file-agent.sock",
        "cleanup-file-journal",
        "cleanup-file-sysctls",
        "cleanup-file-lock"
      })
  void aSecondRunFinishesWhatADeadOneBegan(String point) throws Exception {
    Map<String, String> before = withoutUs();
    useTheNode();
    node.kill();
    FaultPoints dying =
        name -> {
          if (name.equals(point)) {
            throw new Death();
          }
        };
    assertThatThrownBy(() -> cleanUp(dying)).isInstanceOf(Death.class);
    removed();
    assertIsAsItWas(before);
  }
}
