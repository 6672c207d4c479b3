package io.ocicat.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ocicat.agent.AgentNode.Answer;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.libc.NetNamespace;
import io.ocicat.nftables.Generation;
import io.ocicat.nftables.NftConnection;
import io.ocicat.nftables.NftTable;
import io.ocicat.nftables.NftTransaction;
import io.ocicat.rtnetlink.RouteCodec;
import io.ocicat.rtnetlink.RouteMessage;
import io.ocicat.rtnetlink.Rtnetlink;
import io.ocicat.state.FaultPoints;
import io.ocicat.sync.SyncItem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent process on a node of its own, called through the real executable. */
final class AgentIT {

  private static final int CONNECT_LIMIT_MS = 700;

  /** How a JVM ends that was asked to, with its shutdown hooks run. */
  private static final int SIGTERM_STATUS = 128 + 15;

  @TempDir private Path folder;
  private @Nullable AgentNode made;

  private AgentNode node(String blocks) throws IOException {
    made = AgentNode.withBlocks(folder, blocks);
    return made;
  }

  @AfterEach
  void removeNode() {
    if (made != null) {
      made.close();
    }
  }

  private static ServerSocket listen(NetNamespace pod, int port) throws IOException {
    return pod.call(() -> new ServerSocket(port));
  }

  private static Socket connect(NetNamespace pod, IpAddress to, int port) throws IOException {
    return pod.call(
        () -> {
          Socket socket = new Socket();
          socket.connect(new InetSocketAddress(to.toInetAddress(), port), CONNECT_LIMIT_MS);
          return socket;
        });
  }

  // C-50, C-51, C-110 to C-112
  @Test
  void givesAPodItsInterfaceAddressesAndRoutesAndTheSameAgain() throws Exception {
    AgentNode node = node(AgentNode.DUAL_STACK_BLOCKS).start();
    Answer answer = node.add("a");
    assertThat(answer.addresses())
        .containsExactly(IpAddress.parse("10.71.0.0"), IpAddress.parse("fd71::"));
    assertThat(answer.json().at("/interfaces/0/name").asText()).startsWith("oci");
    assertThat(answer.json().at("/interfaces/1/name").asText()).isEqualTo("eth0");
    assertThat(answer.json().at("/interfaces/1/sandbox").asText()).endsWith("pod-a");
    assertThat(answer.json().at("/routes/0/gw").asText()).isEqualTo("169.254.1.1");
    assertThat(node.add("a")).isEqualTo(answer);
    node.kill();
    node.start();
    assertThat(node.add("a")).isEqualTo(answer);
    assertThat(node.linkedContainers()).containsExactly("a");
  }

  @Test
  void podsReachEachOtherWithTheirOwnAddressesAlsoWhileTheAgentIsDead() throws Exception {
    AgentNode node = node(AgentNode.DUAL_STACK_BLOCKS).start();
    List<IpAddress> a = node.add("a").addresses();
    List<IpAddress> b = node.add("b").addresses();
    for (int family = 0; family < 2; family++) {
      try (ServerSocket server = listen(node.pod("b"), 80);
          Socket client = connect(node.pod("a"), b.get(family), 80);
          Socket accepted = server.accept()) {
        assertThat(IpAddress.of(accepted.getInetAddress())).isEqualTo(a.get(family));
        client.getOutputStream().write(1);
        assertThat(accepted.getInputStream().read()).isEqualTo(1);
        if (family == 0) {
          node.kill();
        }
        client.getOutputStream().write(2);
        assertThat(accepted.getInputStream().read()).isEqualTo(2);
      }
    }
  }

  @Test
  void policyIsInForceWhenAddReturns() throws Exception {
    AgentNode node =
        node(AgentNode.DUAL_STACK_BLOCKS)
            .with(
                new SyncItem.Policy(
                    "NetworkPolicy",
                    "shop",
                    "closed",
                    """
                    {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy",
                     "metadata":{"name":"closed","namespace":"shop"},
                     "spec":{"podSelector":{"matchLabels":{"app":"db"}},
                             "policyTypes":["Ingress"],
                             "ingress":[{"ports":[{"port":81}]}]}}
                    """),
                new SyncItem.LocalPod(
                    "shop", "b", "u1", Map.of("app", "db"), "", Map.of(), List.of()))
            .start();
    NetNamespace _ = node.pod("a");
    List<IpAddress> b = node.add("b").addresses();
    node.add("a");
    try (ServerSocket closed = listen(node.pod("b"), 80);
        ServerSocket open = listen(node.pod("b"), 81)) {
      assertThat(closed.isBound() && open.isBound()).isTrue();
      for (IpAddress address : b) {
        connect(node.pod("a"), address, 81).close();
        assertThatThrownBy(() -> connect(node.pod("a"), address, 80))
            .isInstanceOf(SocketTimeoutException.class);
        // The host always reaches its own pods.
        connect(node.namespace, address, 80).close();
      }
    }
    // Labels given with ADD count where there is no Pod object.
    Answer labelled =
        node.call(
            "ADD",
            "c",
            "eth0",
            "\"args\":{\"cni\":{\"labels\":[{\"key\":\"app\",\"value\":\"db\"}]}}");
    try (ServerSocket _ = listen(node.pod("c"), 80)) {
      assertThatThrownBy(() -> connect(node.pod("a"), labelled.addresses().getFirst(), 80))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  // C-54
  @Test
  void refusesAnInterfaceNameThatIsTakenAndLeavesNothing() throws Exception {
    AgentNode node = node(AgentNode.DUAL_STACK_BLOCKS).start();
    Answer taken = node.call("ADD", "a", "lo");
    assertThat(taken.code()).isEqualTo(4);
    assertThat(taken.out()).contains("exists already");
    assertThat(node.linkedContainers()).isEmpty();
    assertThat(node.mappedEndpoints()).containsExactly(0, 0);
    assertThat(node.del("a").status()).isZero();
  }

  // C-70 to C-73
  @Test
  void checkTellsWhatIsBroken() throws Exception {
    AgentNode node = node(AgentNode.DUAL_STACK_BLOCKS).start();
    String result = node.add("a").out();
    Answer fine = node.call("CHECK", "a", "eth0", "\"prevResult\":" + result);
    assertThat(fine).isEqualTo(new Answer(0, ""));
    Answer other =
        node.call(
            "CHECK",
            "a",
            "eth0",
            "\"prevResult\":" + result.replace("10.71.0.0/32", "10.71.0.9/32"));
    assertThat(other.code()).isEqualTo(110);
    assertThat(other.out()).contains("10.71.0.9");
    assertThat(node.call("CHECK", "b", "eth0", "\"prevResult\":" + result).code()).isEqualTo(3);
    try (Rtnetlink pod = Rtnetlink.openIn(node.pod("a"))) {
      for (RouteMessage route : pod.routes(79)) {
        pod.execute(RouteCodec.delRoute(route));
      }
    }
    assertThat(node.call("CHECK", "a", "eth0", "\"prevResult\":" + result).code()).isEqualTo(110);
  }

  // C-60 to C-64
  @Test
  void delSucceedsWhenThingsAreGone() throws Exception {
    AgentNode node = node(AgentNode.DUAL_STACK_BLOCKS).start();
    node.add("a");
    node.add("b");
    node.pod("a");
    node.deletePod("a");
    assertThat(node.del("a")).isEqualTo(new Answer(0, ""));
    assertThat(node.del("a")).isEqualTo(new Answer(0, ""));
    assertThat(node.del("never-seen")).isEqualTo(new Answer(0, ""));
    assertThat(node.linkedContainers()).containsExactly("b");
    assertThat(node.mappedEndpoints()).containsExactly(1, 1);
  }

  // C-90 to C-97
  @Test
  void collectsWhatTheRuntimeDoesNotKnow() throws Exception {
    AgentNode node = node(AgentNode.DUAL_STACK_BLOCKS).start();
    for (String container : List.of("a", "b", "c")) {
      node.add(container);
    }
    assertThat(node.call("GC", "", "").status()).isZero();
    assertThat(node.linkedContainers()).hasSize(3);
    String valid =
        "\"cni.dev/valid-attachments\":[{\"containerID\":\"a\",\"ifname\":\"eth0\"},"
            + "{\"containerID\":\"c\",\"ifname\":\"eth0\"}]";
    assertThat(node.call("GC", "", "", valid)).isEqualTo(new Answer(0, ""));
    assertThat(node.linkedContainers()).containsExactly("a", "c");
    String otherNetwork = "\"name\":\"other\",\"cni.dev/valid-attachments\":[]";
    assertThat(node.call("GC", "", "", otherNetwork).status()).isZero();
    assertThat(node.linkedContainers()).containsExactly("a", "c");
    assertThat(node.call("GC", "", "", "\"cni.dev/valid-attachments\":[]").status()).isZero();
    assertThat(node.linkedContainers()).isEmpty();
    assertThat(node.mappedEndpoints()).containsExactly(0, 0);
  }

  // C-80 to C-82
  @Test
  void statusIsHonestWhenAddressesAreUsedUp() throws Exception {
    AgentNode node = node("10.71.0.0/31").start();
    assertThat(node.call("STATUS", "", "")).isEqualTo(new Answer(0, ""));
    node.add("a");
    node.add("b");
    Answer status = node.call("STATUS", "", "");
    assertThat(status.code()).isEqualTo(50);
    assertThat(status.out()).contains("used up", "no controller");
    Answer refused = node.add("c");
    assertThat(refused.code()).isEqualTo(11);
    assertThat(refused.out()).contains("used up");
    node.del("a");
    assertThat(node.call("STATUS", "", "").status()).isZero();
    assertThat(node.add("c").status()).isZero();
  }

  @Test
  void givesManyPodsAtOnceDifferentAddresses() throws Exception {
    AgentNode node = node(AgentNode.DUAL_STACK_BLOCKS).start();
    Map<String, List<IpAddress>> given = new ConcurrentHashMap<>();
    List<Thread> runs = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      String container = "c" + i;
      NetNamespace _ = node.pod(container);
      runs.add(
          Thread.ofVirtual().start(() -> given.put(container, node.add(container).addresses())));
    }
    for (Thread run : runs) {
      run.join();
    }
    Set<IpAddress> all = new HashSet<>();
    given.values().forEach(all::addAll);
    assertThat(all).hasSize(60);
    assertThat(node.mappedEndpoints()).containsExactly(30, 30);
  }

  @Test
  void aNewAgentAdoptsWhatIsThereWithoutTouchingIt() throws Exception {
    AgentNode node = node(AgentNode.DUAL_STACK_BLOCKS).start();
    node.add("a");
    node.add("b");
    node.kill();
    try (NftConnection nftables = node.namespace.call(NftConnection::open)) {
      Generation before = nftables.generation();
      NftTable table = node.nftTable().orElseThrow();
      node.start();
      assertThat(nftables.generation()).isEqualTo(before);
      assertThat(node.nftTable()).contains(table);
    }
    assertThat(node.linkedContainers()).containsExactly("a", "b");
    assertThat(node.routedBlocks())
        .containsExactly(Cidr.parse("10.71.0.0/26"), Cidr.parse("fd71::/122"));
    assertThat(node.stop()).isEqualTo(SIGTERM_STATUS);
    assertThat(folder.resolve("conf/10-ocicat.conflist")).doesNotExist();
    assertThat(node.linkedContainers()).containsExactly("a", "b");
    assertThat(node.mappedEndpoints()).containsExactly(2, 2);
  }

  @Test
  void leavesTheConfigurationInPlaceAtItsEndIfItIsToldSo() throws Exception {
    AgentNode node = node(AgentNode.DUAL_STACK_BLOCKS);
    node.configure("cni: {removeOnShutdown: false}");
    node.start();
    AgentNode.await("it is installed", () -> Files.exists(conflist()));
    assertThat(node.stop()).isEqualTo(SIGTERM_STATUS);
    assertThat(conflist()).exists();
  }

  @Test
  void aNewAgentTakesBackWhatAKilledOneSaidOnlyIfItKnowsNothing() throws Exception {
    AgentNode node = node(AgentNode.DUAL_STACK_BLOCKS).start();
    AgentNode.await("it is installed", () -> Files.exists(conflist()));
    node.kill();
    assertThat(conflist()).exists();
    node.start();
    assertThat(conflist()).exists();
    node.kill();
    Files.delete(folder.resolve("state/table"));
    node.startUnready();
    AgentNode.await("it is taken back", () -> !Files.exists(conflist()));
    AgentNode.await(
        "it is told", () -> node.log().contains("an earlier agent said that this node takes pods"));
  }

  @Test
  void diesBetweenExecutableAndConfigurationAndTheNextOneGoesOn() throws Exception {
    AgentNode node = node(AgentNode.DUAL_STACK_BLOCKS);
    Files.delete(folder.resolve("bin/ocicat"));
    node.startUnready("install-executable");
    assertThat(node.awaitDeath()).isEqualTo(FaultPoints.EXIT_STATUS);
    assertThat(folder.resolve("bin/ocicat")).isExecutable();
    assertThat(conflist()).doesNotExist();
    node.start();
    AgentNode.await("it is installed", () -> Files.exists(conflist()));
  }

  @Test
  void findsItsAddressesOrNamesTheCandidates() throws Exception {
    AgentNode node = node(AgentNode.DUAL_STACK_BLOCKS);
    node.configure("nodeAddresses: {ipv4: cidr=192.0.2.0/24, ipv6: interface=lo}");
    node.start();
    assertThat(node.log()).contains("other nodes reach this one at [192.0.2.1, 2001:db8::1]");
    node.kill();
    node.configure("nodeAddresses: {ipv4: cidr=198.51.100.0/24}");
    node.startUnready();
    assertThat(node.awaitDeath()).isEqualTo(1);
    assertThat(node.log())
        .contains("no IPv4 address by cidr=198.51.100.0/24; candidates were: 192.0.2.1 on lo");
  }

  private Path conflist() {
    return folder.resolve("conf/10-ocicat.conflist");
  }

  @Test
  void aLostJournalIsWrittenAnewFromTheKernel() throws Exception {
    AgentNode node = node(AgentNode.DUAL_STACK_BLOCKS).start();
    Answer a = node.add("a");
    node.kill();
    Files.delete(folder.resolve("state/journal"));
    Files.delete(folder.resolve("state/leases"));
    node.start();
    assertThat(node.log()).contains("adopted a/eth0");
    assertThat(node.mappedEndpoints()).containsExactly(1, 1);
    assertThat(node.add("b").addresses()).doesNotContainAnyElementsOf(a.addresses());
    assertThat(node.add("a").addresses()).isEqualTo(a.addresses());
    assertThat(node.del("a").status()).isZero();
    assertThat(node.linkedContainers()).containsExactly("b");
  }

  @Test
  void putsRightWhatSomebodyElseChanged() throws Exception {
    AgentNode node = node(AgentNode.DUAL_STACK_BLOCKS).start();
    node.add("a");
    NftTable table = node.nftTable().orElseThrow();
    try (NftConnection nftables = node.namespace.call(NftConnection::open);
        Rtnetlink rtnetlink = Rtnetlink.openIn(node.namespace)) {
      NftTransaction flush =
          NftTransaction.on(table.table())
              .flush(table.chain("forward").orElseThrow().chain())
              .build();
      assertThat(nftables.commit(flush)).isNotNull();
      for (RouteMessage route : rtnetlink.routes(79)) {
        rtnetlink.execute(RouteCodec.delRoute(route));
      }
    }
    node.namespace.call(() -> Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "0"));
    AgentNode.await("nftables is right again", () -> node.nftTable().orElseThrow().equals(table));
    AgentNode.await(
        "routes are right again",
        () -> node.routedAddresses().size() == 2 && node.routedBlocks().size() == 2);
    AgentNode.await(
        "the parameter is right again",
        () -> {
          try {
            return node.namespace.call(
                () -> Files.readString(Path.of("/proc/sys/net/ipv4/ip_forward")).startsWith("1"));
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    assertThat(node.log())
        .contains("somebody else had changed in nft", "changed in route", "changed in sysctl");
  }

  @Test
  void saysThatThereIsNoPool() throws Exception {
    AgentNode node = new AgentNode(folder);
    made = node;
    node.with();
    node.startUnready();
    Answer none = node.add("a");
    assertThat(none.code()).isEqualTo(102);
    assertThat(none.out()).contains("there is no IPPool");
    assertThat(node.call("STATUS", "", "").code()).isEqualTo(50);
    assertThat(folder.resolve("conf/10-ocicat.conflist")).doesNotExist();
  }

  @Test
  void saysThatThePoolIsDisabled() throws Exception {
    AgentNode node = new AgentNode(folder);
    made = node;
    node.with(
        new SyncItem.Pool(
            "p",
            """
            {"apiVersion":"projectcalico.org/v3","kind":"IPPool","metadata":{"name":"p"},
             "spec":{"cidr":"10.0.0.0/16","disabled":true}}
            """),
        new SyncItem.Block(Cidr.parse("10.0.0.0/26"), "p", "n1", List.of()));
    node.startUnready();
    Answer disabled = node.add("a");
    assertThat(disabled.code()).isEqualTo(101);
    assertThat(disabled.out()).contains("disabled", "IPPool p");
  }

  @Test
  void refusesToShareItsState() throws Exception {
    AgentNode node = node(AgentNode.DUAL_STACK_BLOCKS).start();
    assertThat(AgentMain.run(folder.resolve("agent.yaml"), System.err)).isEqualTo(1);
    assertThat(node.add("a").status()).isZero();
  }
}
