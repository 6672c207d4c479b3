package io.ocicat.nft.compile;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.nftables.Hook;
import io.ocicat.nftables.NftTable;
import io.ocicat.nftables.interpret.Evaluation;
import io.ocicat.nftables.interpret.NftInterpreter;
import io.ocicat.nftables.interpret.Packet;
import io.ocicat.plan.MasqueradePlan;
import io.ocicat.plan.PodLink;
import io.ocicat.policy.ClusterSnapshot;
import io.ocicat.policy.Clusters;
import io.ocicat.policy.Flow;
import io.ocicat.policy.GroupId;
import io.ocicat.policy.GroupMember;
import io.ocicat.policy.PolicyIndex;
import io.ocicat.policy.PolicyPod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Nodes with the tables that are compiled for them, and packets that travel over them. Pods are on
 * one node or the other in turn.
 */
final class InterpretedCluster {

  /** Addresses that every node treats as its own. */
  static final Set<IpAddress> HOST_ADDRESSES =
      Set.of(IpAddress.parse("10.0.9.9"), IpAddress.parse("fd00::99"));

  private static final String UPLINK = "eth0";
  private static final int NODES = 2;

  private final ClusterSnapshot cluster;
  private final List<NftTable> tables = new ArrayList<>();
  private final List<Evaluation> evaluations = new ArrayList<>();

  private InterpretedCluster(ClusterSnapshot cluster) {
    this.cluster = cluster;
  }

  static InterpretedCluster of(ClusterSnapshot cluster) {
    InterpretedCluster interpreted = new InterpretedCluster(cluster);
    PolicyIndex policies = Clusters.policyIndex(cluster);
    Map<GroupId, Set<GroupMember>> groups = Clusters.groups(cluster);
    for (int node = 0; node < NODES; node++) {
      List<NftEndpoint> endpoints = new ArrayList<>();
      for (PolicyPod pod : cluster.pods()) {
        if (interpreted.node(pod) == node) {
          endpoints.add(endpoint(pod, policies));
        }
      }
      interpreted.tables.add(
          NftCompiler.compile(new NftInput(endpoints, groups, MasqueradePlan.NONE)));
    }
    return interpreted;
  }

  static NftEndpoint endpoint(PolicyPod pod, PolicyIndex policies) {
    return new NftEndpoint(
        hostInterface(pod), pod.name(), pod.addresses(), policies.endpointPolicy(pod));
  }

  static String hostInterface(PolicyPod pod) {
    return PodLink.hostInterface(pod.name().toString(), "eth0");
  }

  private int node(PolicyPod pod) {
    return cluster.pods().indexOf(pod) % NODES;
  }

  boolean isAllowed(Flow flow) {
    return switch (flow.source()) {
      case Flow.Source.OwnHost() ->
          podAt(flow.destination())
              .map(pod -> passes(node(pod), Hook.OUTPUT, "", hostInterface(pod), flow))
              .orElse(true);
      case Flow.Source.Remote(var source) -> isAllowed(source, flow);
    };
  }

  private boolean isAllowed(IpAddress source, Flow flow) {
    Optional<PolicyPod> sender = podAt(source);
    Optional<PolicyPod> receiver = podAt(flow.destination());
    if (sender.isPresent() && HOST_ADDRESSES.contains(flow.destination())) {
      return passes(node(sender.get()), Hook.INPUT, hostInterface(sender.get()), "", flow);
    }
    if (sender.isPresent() && receiver.isPresent() && node(sender.get()) == node(receiver.get())) {
      return passes(
          node(sender.get()),
          Hook.FORWARD,
          hostInterface(sender.get()),
          hostInterface(receiver.get()),
          flow);
    }
    boolean leaves =
        sender
            .map(pod -> passes(node(pod), Hook.FORWARD, hostInterface(pod), UPLINK, flow))
            .orElse(true);
    boolean arrives =
        receiver
            .map(pod -> passes(node(pod), Hook.FORWARD, UPLINK, hostInterface(pod), flow))
            .orElse(true);
    return leaves && arrives;
  }

  private Optional<PolicyPod> podAt(IpAddress address) {
    return cluster.podsAt(address).stream().findFirst();
  }

  private boolean passes(int node, Hook hook, String iif, String oif, Flow flow) {
    Evaluation evaluation =
        new NftInterpreter(tables.get(node)).evaluate(packet(flow).via(iif, oif), hook);
    evaluations.add(evaluation);
    return evaluation.outcome() == Evaluation.Outcome.ACCEPT;
  }

  /** What was done with packets since the last call. */
  List<Evaluation> takeEvaluations() {
    List<Evaluation> taken = List.copyOf(evaluations);
    evaluations.clear();
    return taken;
  }

  private static Packet packet(Flow flow) {
    IpAddress source =
        flow.source() instanceof Flow.Source.Remote(var address) ? address : flow.destination();
    return packet(source, flow.destination(), flow.traffic());
  }

  static Packet packet(IpAddress source, IpAddress destination, Flow.Traffic traffic) {
    boolean v4 = source.family() == IpFamily.IPV4;
    Packet ping = Packet.icmp(source, destination, v4 ? 8 : 128);
    return switch (traffic) {
      case Flow.Traffic.Transport(var protocol, var from, var to) ->
          ping.withTransport(protocol.number(), new Packet.Transport.Ports(from, to));
      case Flow.Traffic.Icmp(var type, var code) ->
          ping.withTransport(ping.l4proto(), new Packet.Transport.IcmpType(type, code));
      case Flow.Traffic.Other(var protocol) ->
          protocol == 1 || protocol == 58
              ? ping
              : ping.withTransport(protocol, new Packet.Transport.Opaque());
    };
  }

  List<NftTable> tables() {
    return tables;
  }
}
