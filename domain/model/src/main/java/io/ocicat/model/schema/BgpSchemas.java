package io.ocicat.model.schema;

import static io.ocicat.model.schema.SchemaWords.asNumber;
import static io.ocicat.model.schema.SchemaWords.between;
import static io.ocicat.model.schema.SchemaWords.cidr;
import static io.ocicat.model.schema.SchemaWords.duration;
import static io.ocicat.model.schema.SchemaWords.field;
import static io.ocicat.model.schema.SchemaWords.flag;
import static io.ocicat.model.schema.SchemaWords.list;
import static io.ocicat.model.schema.SchemaWords.oneOf;
import static io.ocicat.model.schema.SchemaWords.portNumber;
import static io.ocicat.model.schema.SchemaWords.required;
import static io.ocicat.model.schema.SchemaWords.struct;
import static io.ocicat.model.schema.SchemaWords.text;
import static io.ocicat.model.schema.SchemaWords.upTo;

import io.ocicat.model.Kinds;
import io.ocicat.model.schema.Schema.Field;
import io.ocicat.model.schema.Schema.Listing;
import io.ocicat.model.schema.Schema.Struct;
import io.ocicat.model.schema.Schema.Text;

/**
 * BGPConfiguration and BGPPeer of {@code projectcalico.org/v3}. Nothing is filled in: what one
 * object leaves out another may say.
 */
final class BgpSchemas {
  private static final String CALICO = "org.projectcalico.v3.";
  private static final int SELECTOR_MAX = 1024;
  private static final int MOST_COMMUNITIES = 500;
  private static final int MOST_OF_PREFIX = 50;
  private static final int PRIORITY_MAX = Integer.MAX_VALUE - 1;
  private static final int PEER_MAX = 64;

  static final Text SELECTOR = text(TextChecks::calicoSelector).atMost(SELECTOR_MAX);

  private static final Struct PASSWORD =
      struct(
          CALICO + "BGPPassword",
          "BGPPassword says where a password is.",
          field(
              "secretKeyRef",
              struct(
                  "io.k8s.api.core.v1.SecretKeySelector",
                  "SecretKeySelector names a key of a Secret in the namespace that this program"
                      + " runs in.",
                  field("name", text(), "The name of the Secret."),
                  required("key", text(), "The key in its data."),
                  field("optional", flag(), "Accepted; a password that is missing is waited for.")),
              "The key of a Secret."));

  private static final Field[] CONFIGURATION = {
    field(
        "logSeverityScreen",
        oneOf("Trace", "Debug", "Info", "Warning", "Error", "Fatal"),
        "Accepted, and without effect here."),
    field(
        "nodeToNodeMeshEnabled",
        flag(),
        "Whether nodes peer with all others that are no reflectors; true if absent. Of default"
            + " alone."),
    field("asNumber", asNumber(), "The AS of nodes that have none of their own; 64512 if absent."),
    field(
        "serviceClusterIPs",
        ranges("ServiceClusterIPBlock"),
        "Ranges in which cluster addresses of Services are announced."),
    field(
        "serviceExternalIPs",
        ranges("ServiceExternalIPBlock"),
        "Ranges in which externalIPs of Services are announced."),
    field(
        "serviceLoadBalancerIPs",
        ranges("ServiceLoadBalancerIPBlock"),
        "Ranges in which load balancers' addresses of Services are announced."),
    field(
        "serviceLoadBalancerAggregation",
        oneOf("Enabled", "Disabled"),
        "Whether a range of serviceLoadBalancerIPs is announced as such, or each address; Enabled"
            + " if absent."),
    field(
        "communities",
        list(struct(
                CALICO + "Community",
                "Community gives a community a name.",
                required("name", text(RoutingChecks::communityName), "The name."),
                required("value", text(RoutingChecks::community), "aa:nn or aa:nn:mm.")))
            .atMost(MOST_COMMUNITIES),
        "Names of communities, for prefixAdvertisements."),
    field(
        "prefixAdvertisements",
        list(struct(
                CALICO + "PrefixAdvertisement",
                "PrefixAdvertisement says which communities routes carry.",
                required("cidr", cidr(TextChecks::strictCidr), "Routes in this prefix."),
                required(
                    "communities",
                    list(text(RoutingChecks::communityOrName)).atMost(MOST_OF_PREFIX),
                    "Communities, or names of some.")))
            .atMost(MOST_COMMUNITIES),
        "Communities of our own routes by prefix."),
    field("listenPort", portNumber(), "The port at which nodes listen; 179 if absent."),
    field(
        "nodeMeshPassword",
        PASSWORD,
        "The password of sessions of the mesh (RFC 2385). Of default alone, and only with the"
            + " mesh."),
    field(
        "nodeMeshMaxRestartTime",
        duration(),
        "How long a neighbour in the mesh that is gone keeps its routes; 120s if absent. Of default"
            + " alone, and only with the mesh."),
    field(
        "bindMode",
        oneOf("None", "NodeIP"),
        "Whether nodes listen at all addresses or at the node's; None if absent."),
    field(
        "ignoredInterfaces",
        list(text(RoutingChecks::devices)),
        "Devices whose own routes are never announced; * for any characters."),
    field(
        "localWorkloadPeeringIPV4",
        text(RoutingChecks::ipv4Address),
        "The address at which pods find their node's speaker, IPv4."),
    field(
        "localWorkloadPeeringIPV6",
        text(RoutingChecks::ipv6Address),
        "The address at which pods find their node's speaker, IPv6."),
    field(
        "programClusterRoutes",
        oneOf("Enabled", "Disabled", "EnabledIPIPOnly", "EnabledNoEncapOnly"),
        "Which routes to pods of other nodes BGP gives to the kernel; EnabledNoEncapOnly if"
            + " absent."),
    field(
        "ipv4NormalRoutePriority",
        between(1, PRIORITY_MAX),
        "The metric that counts as an ordinary IPv4 route's; 1024 if absent."),
    field(
        "ipv6NormalRoutePriority",
        between(1, PRIORITY_MAX),
        "The metric that counts as an ordinary IPv6 route's; 1024 if absent.")
  };

  private static final Field[] PEER = {
    field(
        "node",
        text(),
        "The node that has this neighbour. Not with nodeSelector; neither: all nodes."),
    field("nodeSelector", SELECTOR, "The nodes that have this neighbour."),
    field(
        "peerIP",
        text(RoutingChecks::peerEndpoint).atMost(PEER_MAX),
        "Where the neighbour is: IP, IPv4:port or [IPv6]:port. Not with peerSelector."),
    field(
        "peerSelector",
        SELECTOR,
        "The neighbours are the nodes that this selects. Not with peerIP or asNumber."),
    field(
        "asNumber",
        asNumber(),
        "The neighbour's AS; if absent that of the node at the address, or of the cluster."),
    field("localASNumber", asNumber(), "Our AS towards the neighbour, if it is not the node's."),
    field("keepOriginalNextHop", flag(), "Old word for nextHopMode Keep; not together with it."),
    field(
        "nextHopMode",
        oneOf("Auto", "Self", "Keep"),
        "The next hop that the neighbour is told: as BGP has it, always us, or as learned; Auto if"
            + " absent."),
    field("password", PASSWORD, "The password of sessions (RFC 2385)."),
    field(
        "sourceAddress",
        oneOf("UseNodeIP", "None"),
        "Whether sessions come from the node's address; UseNodeIP if absent."),
    field(
        "maxRestartTime",
        duration(),
        "How long a neighbour that is gone keeps its routes (RFC 4724); 120s if absent."),
    field(
        "keepaliveTime",
        duration(),
        "The time between keepalives; a third of the hold time if absent."),
    field(
        "numAllowedLocalASNumbers",
        upTo(Integer.MAX_VALUE),
        "How often our AS may stand in the path of its routes; 0 if absent."),
    field(
        "ttlSecurity",
        upTo(255),
        "At how many hops at most the neighbour is (RFC 5082); not judged if absent or 0."),
    field(
        "reachableBy",
        text(TextChecks::ipAddress),
        "The router by which the neighbour is reached. Needs peerIP, of the same family."),
    field(
        "filters",
        list(text(TextChecks::dnsSubdomain)),
        "Names of BGPFilters; the first of whose rules that holds decides."),
    field(
        "localWorkloadSelector",
        SELECTOR,
        "The neighbours are the node's own pods that this selects. Needs asNumber; not with peerIP"
            + " or peerSelector."),
    field(
        "reversePeering",
        oneOf("Auto", "Manual"),
        "Whether nodes that peerSelector selects get the session from their end as well; Auto if"
            + " absent.")
  };

  static final Struct BGP_CONFIGURATION =
      MetaSchemas.kind(
          CALICO + "BGPConfiguration",
          Kinds.BGP_CONFIGURATION,
          "BGPConfiguration is how nodes speak BGP: default for all, node.NAME for one.",
          TextChecks::dnsSubdomain,
          field(
              "spec",
              struct(
                  CALICO + "BGPConfigurationSpec",
                  "BGPConfigurationSpec is how nodes speak BGP.",
                  CONFIGURATION),
              "How nodes speak BGP."));

  static final Struct BGP_PEER =
      MetaSchemas.kind(
          CALICO + "BGPPeer",
          Kinds.BGP_PEER,
          "BGPPeer gives nodes neighbours to exchange routes with.",
          TextChecks::dnsSubdomain,
          field(
              "spec",
              struct(
                  CALICO + "BGPPeerSpec",
                  "BGPPeerSpec says which nodes, which neighbours, and how.",
                  PEER),
              "Which nodes, which neighbours, and how."));

  private BgpSchemas() {}

  private static Listing ranges(String definition) {
    return list(
        struct(
            CALICO + definition,
            definition + " is a range of addresses.",
            field("cidr", cidr(TextChecks::strictCidr), "The range.")));
  }
}
