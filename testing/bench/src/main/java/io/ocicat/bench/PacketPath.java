package io.ocicat.bench;

import static io.ocicat.nftables.RuleBuilder.rule;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.libc.NetNamespace;
import io.ocicat.links.PodWiring;
import io.ocicat.links.ProcSysctls;
import io.ocicat.links.WireRequest;
import io.ocicat.links.WireResult;
import io.ocicat.model.Metadata;
import io.ocicat.model.NetworkPolicy;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.model.Protocol;
import io.ocicat.nft.NftOutcome;
import io.ocicat.nft.NftReconciler;
import io.ocicat.nft.Unknown;
import io.ocicat.nft.compile.NftEndpoint;
import io.ocicat.nft.compile.NodeTable;
import io.ocicat.nftables.Bytes;
import io.ocicat.nftables.Chain.BaseChain;
import io.ocicat.nftables.Chain.RegularChain;
import io.ocicat.nftables.ChainPolicy;
import io.ocicat.nftables.ChainType;
import io.ocicat.nftables.CtState;
import io.ocicat.nftables.DataType;
import io.ocicat.nftables.Element;
import io.ocicat.nftables.Hook;
import io.ocicat.nftables.KeyType;
import io.ocicat.nftables.NftConnection;
import io.ocicat.nftables.NftSet;
import io.ocicat.nftables.NftTable;
import io.ocicat.nftables.Rule;
import io.ocicat.plan.PodLink;
import io.ocicat.policy.AddressGroup;
import io.ocicat.policy.GroupMember;
import io.ocicat.policy.PodName;
import io.ocicat.policy.PolicyCompiler;
import io.ocicat.policy.PolicyIndex;
import io.ocicat.policy.PolicyPod;
import io.ocicat.policy.PolicySpec;
import io.ocicat.policy.PolicySpecs;
import io.ocicat.rtnetlink.AddressCodec;
import io.ocicat.rtnetlink.AddressMessage;
import io.ocicat.rtnetlink.LinkCodec;
import io.ocicat.rtnetlink.LinkSettings;
import io.ocicat.rtnetlink.Rtnetlink;
import io.ocicat.selector.LabelSelector;
import io.ocicat.selector.Labels;
import io.ocicat.state.FaultPoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Two pods of a node and the tables between them: none, ours, and the same policies as rules one
 * after the other. The client is what the last of the rules allows.
 */
final class PacketPath implements AutoCloseable {

  static final int PORT = 7000;

  /** Addresses in each group that rules look in. */
  private static final int MEMBERS = 10;

  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int MTU_BYTES = 1500;
  static final IpAddress CLIENT = IpAddress.parse("10.90.0.1");
  static final IpAddress SERVER = IpAddress.parse("10.90.0.2");
  private static final IpAddress NODE = IpAddress.parse("10.90.0.254");
  private static final int LOOPBACK_INDEX = 1;
  private static final String NAMESPACE = "bench";

  private final NetNamespace node = NetNamespace.create();
  private final NetNamespace clientNamespace = NetNamespace.create();
  private final NetNamespace serverNamespace = NetNamespace.create();
  private final PodWiring wiring =
      node.call(() -> PodWiring.open(new ProcSysctls(), FaultPoints.NONE));
  private final NftConnection nftables = node.call(NftConnection::open);
  private final NftReconciler reconciler = new NftReconciler(nftables);
  private final PodLink client = link("client", CLIENT);
  private final PodLink server = link("server", SERVER);

  PacketPath() {
    node.run(() -> write("/proc/sys/net/ipv4/ip_forward"));
    try (Rtnetlink rtnetlink = Rtnetlink.openIn(node)) {
      // Without an address of its own it cannot ask for its pods'.
      rtnetlink.execute(LinkCodec.setLink("lo", LinkSettings.NONE.up()));
      rtnetlink.execute(
          AddressCodec.newAddress(AddressMessage.of(NODE, NODE.family().bits(), LOOPBACK_INDEX)));
    }
    wire(client, clientNamespace);
    wire(server, serverNamespace);
  }

  private static PodLink link(String name, IpAddress address) {
    return PodLink.of("bench-" + name, "eth0", NAMESPACE, name, List.of(address));
  }

  private void wire(PodLink link, NetNamespace namespace) {
    Path path =
        Path.of(
            "/proc",
            Long.toString(ProcessHandle.current().pid()),
            "fd",
            Integer.toString(namespace.fd().value()));
    WireResult result = node.call(() -> wiring.wire(new WireRequest(link, path, MTU_BYTES)));
    if (!(result instanceof WireResult.Wired)) {
      throw new IllegalStateException("wiring " + link + ": " + result);
    }
  }

  private static void write(String file) {
    try {
      Files.writeString(Path.of(file), "1");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot switch on " + file, e);
    }
  }

  NetNamespace clientNamespace() {
    return clientNamespace;
  }

  NetNamespace serverNamespace() {
    return serverNamespace;
  }

  void use(NftTable table) {
    NftOutcome outcome = reconciler.apply(table, Unknown.REMOVE);
    if (!(outcome instanceof NftOutcome.InForce)) {
      throw new IllegalStateException("the kernel refused the table: " + outcome);
    }
  }

  static NftTable empty() {
    return NftTable.empty(NodeTable.TABLE);
  }

  private static IpAddress member(int policy, int index) {
    return IpAddress.parse("10.91.0.0").plus((long) policy * MEMBERS + index);
  }

  /** Of the group that policy {@code index} of {@code count} allows. */
  private static List<IpAddress> members(int index, int count) {
    List<IpAddress> members = new ArrayList<>();
    for (int i = 0; i < MEMBERS; i++) {
      members.add(member(index, i));
    }
    if (index == count - 1) {
      members.add(CLIENT);
    }
    return members;
  }

  /** Our table, with so many policies that apply to the server. */
  NftTable ours(int policies) {
    PolicyIndex index = new PolicyIndex();
    NodeTable table = new NodeTable();
    for (int i = 0; i < policies; i++) {
      PolicySpec spec = policy(i);
      index.upsert(spec);
      List<GroupMember> members = members(i, policies).stream().map(GroupMember::of).toList();
      for (AddressGroup group : PolicyCompiler.groupsOf(spec)) {
        table.setGroup(group.id(), members);
      }
    }
    for (PodLink link : List.of(client, server)) {
      String name = link.equals(server) ? "server" : "client";
      PolicyPod pod =
          new PolicyPod(
              new PodName(NAMESPACE, name),
              Labels.of("app", name),
              List.of(link.equals(server) ? SERVER : CLIENT),
              List.of());
      table.put(
          new NftEndpoint(
              link.hostInterface(), pod.name(), pod.addresses(), index.endpointPolicy(pod)));
    }
    return table.snapshot();
  }

  private static PolicySpec policy(int index) {
    return PolicySpecs.from(
        new NetworkPolicy(
            Metadata.of(NAMESPACE, "policy-%04d".formatted(index)),
            LabelSelector.ofLabels(Map.of("app", "server")),
            Set.of(Direction.INGRESS),
            List.of(
                new NetworkPolicy.Rule(
                    List.of(
                        new NetworkPolicy.Peer.PodsHere(
                            LabelSelector.ofLabels(Map.of("peer", Integer.toString(index))))),
                    List.of(
                        new NetworkPolicy.Port.Range(Protocol.TCP, PORT, PORT),
                        new NetworkPolicy.Port.Range(Protocol.UDP, PORT, PORT)))),
            List.of()));
  }

  /** The same, with a rule for each policy, protocol and group, one after the other. */
  NftTable oneAfterTheOther(int policies) {
    NftTable table = empty();
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < policies; i++) {
      NftSet set = NftSet.of("peers-" + i, KeyType.of(DataType.IPV4_ADDR));
      table =
          table.with(
              set,
              members(i, policies).stream()
                  .map(address -> Element.of(Bytes.of(address.toBytes())))
                  .toArray(Element[]::new));
      for (int protocol : List.of(TCP, UDP)) {
        rules.add(rule().saddrIn(IpFamily.IPV4, set.name()).dport(protocol, PORT).accept());
      }
    }
    rules.add(rule().drop());
    return table
        .with(
            new BaseChain(
                "forward",
                ChainType.FILTER,
                Hook.FORWARD,
                BaseChain.PRIORITY_FILTER,
                ChainPolicy.ACCEPT,
                ""),
            rule().ctState(CtState.ESTABLISHED, CtState.RELATED).accept(),
            rule().oifname(server.hostInterface()).goTo("server"))
        .with(new RegularChain("server"), rules.toArray(Rule[]::new));
  }

  /** The contenders by name, in the order of the report. */
  Map<String, Supplier<NftTable>> contenders() {
    Map<String, Supplier<NftTable>> contenders = new LinkedHashMap<>();
    contenders.put("no table", PacketPath::empty);
    for (int policies : List.of(10, 100, 1000)) {
      contenders.put("ocicat, %d policies".formatted(policies), () -> ours(policies));
    }
    for (int policies : List.of(10, 100, 1000)) {
      contenders.put(
          "one after the other, %d policies".formatted(policies), () -> oneAfterTheOther(policies));
    }
    return contenders;
  }

  @Override
  public void close() {
    nftables.close();
    wiring.close();
    clientNamespace.close();
    serverNamespace.close();
    node.close();
  }
}
