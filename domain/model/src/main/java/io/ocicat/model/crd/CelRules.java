package io.ocicat.model.crd;

import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The rules of {@code io.ocicat.model.validation} that an API server can apply by itself. Defaults
 * are filled in when they are evaluated, and the schema holds.
 *
 * <p>Left to the controller, which tells in the object's status: the syntax of selectors, that
 * pools do not overlap, and what fields of a policy's rule mean for each other.
 */
final class CelRules {
  private static final String BLOCK_SIZE =
      "(%1$s.?blockSize.orValue(0) != 0 ? %1$s.blockSize : (%1$s.cidr.contains(':') ? 122 : 26))";
  private static final String SIZE = BLOCK_SIZE.formatted("self");
  private static final String FOR_SERVICES = "'LoadBalancer' in self.allowedUses";

  private static final CelRule MASKED =
      new CelRule(
          "cidr(self.cidr) == cidr(self.cidr).masked()",
          "cidr",
          "must be strictly masked: no bits set after the prefix length");
  private static final CelRule CIDR_STAYS = stays("cidr");

  private static final List<CelRule> IP_POOL =
      List.of(
          MASKED,
          new CelRule(
              apartFrom("169.254.0.0/16") + " && " + apartFrom("fe80::/10"),
              "cidr",
              "must not overlap with a link-local range"),
          new CelRule(
              "!cidr(self.cidr).ip().isLoopback() && !['224.0.0.0/4', 'ff00::/8'].exists(r,"
                  + " cidr(r).containsIP(cidr(self.cidr).ip()))",
              "cidr",
              "must be a range of unicast addresses that packets can be routed to"),
          new CelRule(
              "cidr(self.cidr).ip().family() == 4 ? SIZE >= 20 && SIZE <= 32 : SIZE >= 116 && SIZE <= 128"
                  .replace("SIZE", SIZE),
              "blockSize",
              "must be between 20 and 32 for IPv4, between 116 and 128 for IPv6"),
          new CelRule(
              "self.disabled || cidr(self.cidr).prefixLength() <= " + SIZE,
              "cidr",
              "must be at least one block; take a larger range or a longer blockSize"),
          CIDR_STAYS,
          new CelRule(
              SIZE + " == " + BLOCK_SIZE.formatted("oldSelf"), "blockSize", "cannot be changed"),
          new CelRule(
              "self.ipipMode == 'Never' || cidr(self.cidr).ip().family() == 4",
              "ipipMode",
              "must be Never in an IPv6 pool"),
          new CelRule(
              "self.ipipMode == 'Never' || self.vxlanMode == 'Never'",
              "ipipMode",
              "cannot be on together with vxlanMode"),
          new CelRule(
              "self.allowedUses.all(u, self.allowedUses.exists_one(each, each == u))",
              "allowedUses",
              "must not name a use twice"),
          new CelRule(
              "!(" + FOR_SERVICES + ") || size(self.allowedUses) == 1",
              "allowedUses",
              "LoadBalancer cannot be combined with other uses"),
          new CelRule(
              "(" + FOR_SERVICES + ") == ('LoadBalancer' in oldSelf.allowedUses)",
              "allowedUses",
              "LoadBalancer cannot be added or removed"),
          new CelRule(
              "!("
                  + FOR_SERVICES
                  + ") || (self.ipipMode == 'Never' && self.vxlanMode == 'Never' &&"
                  + " !self.disableBGPExport && self.nodeSelector.matches('^[ (]*(all[(] *[)])?["
                  + " )]*$'))",
              "allowedUses",
              "a pool for LoadBalancer services has no encapsulation, is announced, and has"
                  + " nodeSelector all()"));

  private static final List<CelRule> BLOCK_AFFINITY =
      List.of(
          MASKED,
          new CelRule(
              "!self.deleted", "deleted", "must be false; a lease is given back by deleting it"),
          CIDR_STAYS,
          stays("node"));

  private static final String PRE_DNAT = "self.?preDNAT.orValue(false)";
  private static final String UNTRACKED = "self.?doNotTrack.orValue(false)";

  private static final List<CelRule> GLOBAL_POLICY =
      List.of(
          new CelRule(
              "!(" + PRE_DNAT + " && " + UNTRACKED + ")",
              "preDNAT",
              "cannot be true together with doNotTrack"),
          new CelRule(
              "!" + PRE_DNAT + " || size(self.?egress.orValue([])) == 0",
              "egress",
              "a policy with preDNAT has no egress rules"),
          new CelRule(
              "!" + PRE_DNAT + " || !('Egress' in self.?types.orValue([]))",
              "types",
              "a policy with preDNAT does not apply to Egress"),
          new CelRule(
              "self.?applyOnForward.orValue(false) || !(" + PRE_DNAT + " || " + UNTRACKED + ")",
              "applyOnForward",
              "must be true if preDNAT or doNotTrack is"));

  private static final CelRule DELETE_LEAVES_NO_RULES =
      new CelRule(
          "self.stagedAction != 'Delete' || (size(self.?ingress.orValue([])) == 0"
              + " && size(self.?egress.orValue([])) == 0)",
          "stagedAction",
          "a staged policy that deletes has no rules");

  private static final List<CelRule> HOST_ENDPOINT =
      List.of(
          new CelRule(
              "size(self.?interfaceName.orValue('')) > 0 || size(self.?expectedIPs.orValue([])) >"
                  + " 0",
              "interfaceName",
              "this or expectedIPs has to be given"));

  private static final List<CelRule> BGP_CONFIGURATION =
      List.of(
          new CelRule(
              "self.?nodeToNodeMeshEnabled.orValue(true) || !has(self.nodeMeshPassword)",
              "nodeMeshPassword",
              "cannot be set while nodeToNodeMeshEnabled is false"),
          new CelRule(
              "self.?nodeToNodeMeshEnabled.orValue(true) || !has(self.nodeMeshMaxRestartTime)",
              "nodeMeshMaxRestartTime",
              "cannot be set while nodeToNodeMeshEnabled is false"),
          new CelRule(
              "size(self.?communities.orValue([])) == 0"
                  + " || size(self.?prefixAdvertisements.orValue([])) > 0",
              "communities",
              "needs prefixAdvertisements, which say what carries them"));

  private static final List<CelRule> BGP_PEER =
      List.of(
          apart("node", "nodeSelector"),
          apart("peerIP", "peerSelector"),
          new CelRule(
              "!" + given("peerSelector") + " || !has(self.asNumber)",
              "peerSelector",
              "cannot be set together with asNumber"),
          new CelRule(
              "!self.?keepOriginalNextHop.orValue(false) || !has(self.nextHopMode)",
              "keepOriginalNextHop",
              "cannot be set together with nextHopMode"),
          apart("localWorkloadSelector", "peerIP"),
          apart("localWorkloadSelector", "peerSelector"),
          new CelRule(
              "!" + given("localWorkloadSelector") + " || has(self.asNumber)",
              "localWorkloadSelector",
              "needs asNumber"),
          new CelRule(
              "!" + given("reachableBy") + " || " + given("peerIP"),
              "reachableBy",
              "needs peerIP"));

  private static final List<CelRule> BGP_PEER_OPTIONS =
      List.of(
          new CelRule(
              "size(self.?peers.orValue([])) > 0 || "
                  + given("peerSelector")
                  + " || self.?mesh.orValue(false)",
              "peers",
              "this, peerSelector or mesh has to say which sessions are meant"),
          new CelRule(
              "!self.?mesh.orValue(false)"
                  + " || !(has(self.ranges) || has(self.interfaces) || has(self.remoteAS))",
              "mesh",
              "cannot be set together with ranges, interfaces or remoteAS"),
          new CelRule(
              "!self.?roleRequired.orValue(false) || has(self.role)",
              "roleRequired",
              "needs role"));

  /** Kinds whose rules are between fields of list items, whose cost servers do not bear. */
  private static final Set<ResourceKind> WITHOUT_RULES =
      Set.of(
          Kinds.OCICAT_STATUS,
          Kinds.POLICY_INSPECTION,
          Kinds.CLUSTER_NETWORK_POLICY,
          Kinds.TIER,
          Kinds.CALICO_NETWORK_POLICY,
          Kinds.NETWORK_SET,
          Kinds.GLOBAL_NETWORK_SET,
          Kinds.PROFILE,
          Kinds.BGP_FILTER,
          Kinds.CALICO_NODE_STATUS,
          Kinds.FELIX_CONFIGURATION,
          Kinds.KUBE_CONTROLLERS_CONFIGURATION);

  private CelRules() {}

  /** The rules for the spec of this kind's objects. */
  static List<CelRule> of(ResourceKind kind) {
    if (kind.equals(Kinds.IP_POOL)) {
      return IP_POOL;
    }
    if (kind.equals(Kinds.BLOCK_AFFINITY)) {
      return BLOCK_AFFINITY;
    }
    if (kind.equals(Kinds.GLOBAL_NETWORK_POLICY)) {
      return GLOBAL_POLICY;
    }
    if (kind.equals(Kinds.STAGED_GLOBAL_NETWORK_POLICY)) {
      return Stream.concat(GLOBAL_POLICY.stream(), Stream.of(DELETE_LEAVES_NO_RULES)).toList();
    }
    if (kind.equals(Kinds.STAGED_NETWORK_POLICY)
        || kind.equals(Kinds.STAGED_KUBERNETES_NETWORK_POLICY)) {
      return List.of(DELETE_LEAVES_NO_RULES);
    }
    if (kind.equals(Kinds.HOST_ENDPOINT)) {
      return HOST_ENDPOINT;
    }
    if (kind.equals(Kinds.BGP_CONFIGURATION)) {
      return BGP_CONFIGURATION;
    }
    if (kind.equals(Kinds.BGP_PEER)) {
      return BGP_PEER;
    }
    if (kind.equals(Kinds.BGP_PEER_OPTIONS)) {
      return BGP_PEER_OPTIONS;
    }
    if (WITHOUT_RULES.contains(kind)) {
      return List.of();
    }
    throw new IllegalStateException("no rules written for " + kind.name());
  }

  private static CelRule stays(String field) {
    return new CelRule("self.%1$s == oldSelf.%1$s".formatted(field), field, "cannot be changed");
  }

  /** Texts, of which the empty one is the same as none. */
  private static CelRule apart(String one, String other) {
    return new CelRule(
        "!(" + given(one) + " && " + given(other) + ")",
        one,
        "cannot be set together with " + other);
  }

  private static String given(String field) {
    return "(self.?" + field + ".orValue('') != '')";
  }

  private static String apartFrom(String range) {
    return "!cidr('%1$s').containsCIDR(self.cidr) && !cidr(self.cidr).containsCIDR('%1$s')"
        .formatted(range);
  }
}
