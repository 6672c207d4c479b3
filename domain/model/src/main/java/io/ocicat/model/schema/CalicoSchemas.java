package io.ocicat.model.schema;

import static io.ocicat.model.schema.SchemaWords.cidr;
import static io.ocicat.model.schema.SchemaWords.defaulted;
import static io.ocicat.model.schema.SchemaWords.field;
import static io.ocicat.model.schema.SchemaWords.int32;
import static io.ocicat.model.schema.SchemaWords.list;
import static io.ocicat.model.schema.SchemaWords.listBy;
import static io.ocicat.model.schema.SchemaWords.off;
import static io.ocicat.model.schema.SchemaWords.oneOf;
import static io.ocicat.model.schema.SchemaWords.portNumber;
import static io.ocicat.model.schema.SchemaWords.required;
import static io.ocicat.model.schema.SchemaWords.struct;
import static io.ocicat.model.schema.SchemaWords.text;
import static io.ocicat.model.schema.SchemaWords.texts;
import static io.ocicat.model.schema.SchemaWords.upTo;

import io.ocicat.model.Kinds;
import io.ocicat.model.schema.Schema.Anything;
import io.ocicat.model.schema.Schema.Struct;

/** The kinds of {@code projectcalico.org/v3}. */
final class CalicoSchemas {
  private static final String CALICO = "org.projectcalico.v3.";
  private static final int SELECTOR_MAX = 1024;

  static final Struct IP_POOL =
      MetaSchemas.kind(
          CALICO + "IPPool",
          Kinds.IP_POOL,
          "IPPool is a range from which pods get addresses.",
          TextChecks::dnsSubdomain,
          required(
              "spec",
              struct(
                  CALICO + "IPPoolSpec",
                  "IPPoolSpec describes a range and who may take from it.",
                  required("cidr", cidr(TextChecks::strictCidr), "The range. Cannot be changed."),
                  defaulted(
                      "vxlanMode",
                      oneOf("Never", "Always", "CrossSubnet"),
                      "Never",
                      "When traffic between nodes is carried in VXLAN: Never, Always or CrossSubnet. Not together with"
                          + " ipipMode."),
                  defaulted(
                      "ipipMode",
                      oneOf("Never", "Always", "CrossSubnet"),
                      "Never",
                      "When traffic between nodes is carried in IP-in-IP: Never, Always or CrossSubnet. IPv4 only."),
                  off(
                      "natOutgoing",
                      "Whether traffic to outside all pools leaves with the node's address."),
                  off(
                      "disabled",
                      "Whether no new addresses are given from the pool. Those in use stay."),
                  off("disableBGPExport", "Whether routes to the pool are not announced."),
                  field(
                      "blockSize",
                      upTo(128),
                      "Prefix length of the blocks that nodes lease: 20 to 32 for IPv4 (default 26), 116 to 128 for"
                          + " IPv6 (default 122). Cannot be changed."),
                  defaulted(
                      "nodeSelector",
                      text(TextChecks::calicoSelector).atMost(SELECTOR_MAX),
                      "all()",
                      "The nodes that take from the pool."),
                  field(
                      "namespaceSelector",
                      text(TextChecks::calicoSelector).atMost(SELECTOR_MAX),
                      "The namespaces whose pods take from the pool; absent for all."),
                  defaulted(
                      "allowedUses",
                      list(oneOf("Workload", "Tunnel", "LoadBalancer")).atMost(10),
                      texts("Workload", "Tunnel"),
                      "What the addresses may be for: Workload, Tunnel, LoadBalancer."),
                  defaulted(
                      "assignmentMode",
                      oneOf("Automatic", "Manual"),
                      "Automatic",
                      "Whether pods get addresses from the pool without asking for it by name.")),
              "The range and who may take from it."),
          field(
              "status",
              struct(
                  CALICO + "IPPoolStatus",
                  "IPPoolStatus tells whether addresses can be had from a pool.",
                  field(
                      "conditions",
                      listBy("type", MetaSchemas.CONDITION),
                      "The condition Allocatable tells whether new addresses are given, and if not, why.")),
              "Whether addresses can be had."));

  static final Struct BLOCK_AFFINITY =
      MetaSchemas.kind(
          CALICO + "BlockAffinity",
          Kinds.BLOCK_AFFINITY,
          "BlockAffinity is the lease of a block of addresses to a node. Written by the controller.",
          TextChecks::dnsSubdomain,
          required(
              "spec",
              struct(
                  CALICO + "BlockAffinitySpec",
                  "BlockAffinitySpec tells which block is leased to whom.",
                  field(
                      "state",
                      oneOf("", "confirmed", "pending", "pendingDeletion"),
                      "Whether the lease holds: confirmed, pending or pendingDeletion."),
                  required("node", text(), "The node."),
                  defaulted(
                      "type",
                      oneOf("host", "virtual"),
                      "host",
                      "What kind of owner: host or virtual."),
                  required("cidr", cidr(TextChecks::strictCidr), "The block."),
                  off("deleted", "Must be false; a lease is given back by deleting it.")),
              "Which block is leased to whom."));

  private static final Struct ENDPOINT_PORT =
      struct(
          CALICO + "WorkloadEndpointPort",
          "WorkloadEndpointPort is a port by which policies may call the workload.",
          field("name", text(TextChecks::portName), "The name."),
          required("protocol", oneOf("TCP", "UDP", "SCTP"), "The transport: TCP, UDP or SCTP."),
          required("port", portNumber(), "The number."),
          field("hostPort", int32(), "The port on the node that leads here."),
          field("hostIP", text(), "The node's address that hostPort is bound to."));

  static final Struct WORKLOAD_ENDPOINT =
      MetaSchemas.kind(
          CALICO + "WorkloadEndpoint",
          Kinds.WORKLOAD_ENDPOINT,
          "WorkloadEndpoint is the network interface of a workload, as its node reports it.",
          TextChecks::dnsSubdomain,
          required(
              "spec",
              struct(
                  CALICO + "WorkloadEndpointSpec",
                  "WorkloadEndpointSpec tells what an interface is and whose.",
                  field("orchestrator", text(), "Who runs the workload: k8s, cni."),
                  field("workload", text(), "The orchestrator's name of the workload."),
                  field("node", text(), "The node."),
                  field("containerID", text(), "The container id that the runtime gave."),
                  field("pod", text(), "The pod's name."),
                  field("endpoint", text(), "The interface's name inside the workload."),
                  field("serviceAccountName", text(), "The pod's service account."),
                  field(
                      "ipNetworks",
                      list(text(TextChecks::strictCidr)),
                      "The addresses, as /32 and /128."),
                  field(
                      "ipNATs",
                      list(
                          struct(
                              CALICO + "IPNAT",
                              "IPNAT is an outer address that stands for an inner one.",
                              required(
                                  "internalIP",
                                  text(TextChecks::ipAddress),
                                  "The workload's address."),
                              required(
                                  "externalIP",
                                  text(TextChecks::ipAddress),
                                  "The address outside."))),
                      "Outer addresses that stand for inner ones."),
                  field("ipv4Gateway", text(TextChecks::ipAddress), "The workload's IPv4 gateway."),
                  field("ipv6Gateway", text(TextChecks::ipAddress), "The workload's IPv6 gateway."),
                  field("profiles", list(text()), "Profiles that apply where no policy does."),
                  field("interfaceName", text(), "The name of the interface's host end."),
                  field("mac", text(TextChecks::mac), "The workload's MAC address."),
                  field("ports", list(ENDPOINT_PORT), "The named ports."),
                  field(
                      "allowSpoofedSourcePrefixes",
                      list(text(TextChecks::cidr)),
                      "Source addresses that the workload may use besides its own."),
                  field("qosControls", new Anything(), "Limits of bandwidth and packet rate.")),
              "What the interface is and whose."));

  private CalicoSchemas() {}
}
