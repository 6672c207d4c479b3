package io.ocicat.nft.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.IpAddress;
import io.ocicat.libc.NetNamespace;
import io.ocicat.model.FelixConfiguration.EstablishedConnections;
import io.ocicat.model.Metadata;
import io.ocicat.model.NetworkPolicy;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.nft.NftOutcome;
import io.ocicat.nft.Unknown;
import io.ocicat.policy.HostSettings;
import io.ocicat.policy.PodName;
import io.ocicat.policy.PolicyIndex;
import io.ocicat.policy.PolicyPod;
import io.ocicat.policy.PolicySpecs;
import io.ocicat.selector.LabelSelector;
import io.ocicat.selector.Labels;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a connection when a policy comes that would not have allowed it. */
@Timeout(60)
final class EstablishedConnectionsIT {

  private static final IpAddress CLIENT = IpAddress.parse("10.0.0.1");
  private static final IpAddress SERVER = IpAddress.parse("10.0.0.2");
  private static final int PORT = 80;
  private static final PolicyPod A = pod("a", CLIENT);
  private static final PolicyPod B = pod("b", SERVER);

  private static PolicyPod pod(String name, IpAddress address) {
    return new PolicyPod(new PodName("x", name), Labels.EMPTY, List.of(address), List.of());
  }

  @Test
  void goOnUnlessItIsAskedForOtherwise() throws IOException {
    try (KernelNode node = node()) {
      NodeTable table = new NodeTable();
      assertThat(staysUsable(node, table)).isTrue();
    }
  }

  @Test
  void areCutOffWherePacketsAreJudgedAgain() throws IOException {
    try (KernelNode node = node()) {
      NodeTable table = new NodeTable();
      table.setHosts(recheck());
      assertThat(staysUsable(node, table)).isFalse();
    }
  }

  @Test
  void followTheSettingWhileTheyAreThere() throws IOException {
    try (KernelNode node = node();
        ServerSocket listener = listen(node)) {
      NodeTable table = new NodeTable();
      apply(node, table, new PolicyIndex());
      try (Socket client = connect(node);
          Socket server = listener.accept()) {
        apply(node, table, isolating());
        assertThat(arrives(client, server)).isTrue();
        table.setHosts(recheck());
        apply(node, table, isolating());
        assertThat(arrives(client, server)).isFalse();
        table.setHosts(NftHosts.NONE);
        apply(node, table, isolating());
        // TCP has not given up yet.
        server.setSoTimeout(10_000);
        assertThat(server.getInputStream().read()).isEqualTo(1);
      }
    }
  }

  private static NftHosts recheck() {
    HostSettings plain = HostSettings.DEFAULT;
    HostSettings settings =
        new HostSettings(
            plain.failsafeInbound(),
            plain.failsafeOutbound(),
            plain.endpointToHost(),
            EstablishedConnections.RECHECK);
    return new NftHosts(settings, Map.of(), Optional.empty());
  }

  private static KernelNode node() {
    KernelNode node = new KernelNode();
    node.attach("uplink", List.of(IpAddress.parse("192.0.2.1")));
    node.addHostAddress("uplink", IpAddress.parse("10.0.9.9"));
    node.attach(InterpretedCluster.hostInterface(A), A.addresses());
    node.attach(InterpretedCluster.hostInterface(B), B.addresses());
    return node;
  }

  private static PolicyIndex isolating() {
    PolicyIndex index = new PolicyIndex();
    index.upsert(
        PolicySpecs.from(
            new NetworkPolicy(
                Metadata.of("x", "deny"),
                LabelSelector.EVERYTHING,
                Set.of(Direction.INGRESS),
                List.of(),
                List.of())));
    return index;
  }

  private static void apply(KernelNode node, NodeTable table, PolicyIndex policies) {
    for (PolicyPod pod : List.of(A, B)) {
      table.put(InterpretedCluster.endpoint(pod, policies));
    }
    assertThat(node.reconciler().apply(table.snapshot(), Unknown.REMOVE))
        .isInstanceOf(NftOutcome.InForce.class);
  }

  private static boolean staysUsable(KernelNode node, NodeTable table) throws IOException {
    apply(node, table, new PolicyIndex());
    try (ServerSocket listener = listen(node);
        Socket client = connect(node);
        Socket server = listener.accept()) {
      assertThat(arrives(client, server)).isTrue();
      assertThat(arrives(server, client)).isTrue();
      apply(node, table, isolating());
      return arrives(client, server);
    }
  }

  private static ServerSocket listen(KernelNode node) throws IOException {
    return namespace(node, SERVER)
        .call(
            () -> {
              ServerSocket listener = new ServerSocket();
              listener.bind(new InetSocketAddress(SERVER.toInetAddress(), PORT));
              return listener;
            });
  }

  private static Socket connect(KernelNode node) throws IOException {
    return namespace(node, CLIENT)
        .call(
            () -> {
              Socket socket = new Socket();
              socket.connect(new InetSocketAddress(SERVER.toInetAddress(), PORT), 5000);
              return socket;
            });
  }

  private static NetNamespace namespace(KernelNode node, IpAddress address) {
    return node.namespaceOf(address).orElseThrow();
  }

  private static boolean arrives(Socket from, Socket to) throws IOException {
    from.getOutputStream().write(1);
    to.setSoTimeout(1000);
    InputStream in = to.getInputStream();
    try {
      return in.read() == 1;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }
}
