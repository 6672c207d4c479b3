package io.ocicat.model.schema;

import static io.ocicat.model.schema.SchemaWords.defaulted;
import static io.ocicat.model.schema.SchemaWords.field;
import static io.ocicat.model.schema.SchemaWords.flag;
import static io.ocicat.model.schema.SchemaWords.list;
import static io.ocicat.model.schema.SchemaWords.listBy;
import static io.ocicat.model.schema.SchemaWords.oneOf;
import static io.ocicat.model.schema.SchemaWords.openStruct;
import static io.ocicat.model.schema.SchemaWords.portNumber;
import static io.ocicat.model.schema.SchemaWords.required;
import static io.ocicat.model.schema.SchemaWords.set;
import static io.ocicat.model.schema.SchemaWords.struct;
import static io.ocicat.model.schema.SchemaWords.text;

import io.ocicat.model.Kinds;
import io.ocicat.model.schema.Schema.Anything;
import io.ocicat.model.schema.Schema.Field;
import io.ocicat.model.schema.Schema.Listing;
import io.ocicat.model.schema.Schema.Struct;

/**
 * The core kinds. Of Pod and Node only what the network uses is described; their other fields are
 * kept and not looked at. The lists that upstream merges by a key are all named, so that patches of
 * pods mean here what they mean there.
 */
final class CoreSchemas {
  private static final String CORE = "io.k8s.api.core.v1.";

  private static final Struct CONDITION =
      openStruct(
          "",
          "One aspect of the current state.",
          required("type", text(), "Which aspect."),
          required("status", oneOf("True", "False", "Unknown"), "Whether it holds."));

  static final Struct NAMESPACE =
      MetaSchemas.kind(
          CORE + "Namespace",
          Kinds.NAMESPACE,
          "Namespace provides a scope for names.",
          TextChecks::dnsLabel,
          field(
              "spec",
              struct(
                  CORE + "NamespaceSpec",
                  "NamespaceSpec describes what a namespace is to be.",
                  field("finalizers", list(text()), "Who has to act before the namespace may go.")),
              "What the namespace is to be."),
          field(
              "status",
              openStruct(
                  CORE + "NamespaceStatus",
                  "NamespaceStatus tells where a namespace stands.",
                  field(
                      "phase",
                      oneOf("Active", "Terminating"),
                      "Where the namespace stands in its life."),
                  field("conditions", listBy("type", CONDITION), "The current state.")),
              "Where the namespace stands."));

  static final Struct SERVICE_ACCOUNT =
      MetaSchemas.kind(
          CORE + "ServiceAccount",
          Kinds.SERVICE_ACCOUNT,
          "ServiceAccount is an identity for the processes of pods.",
          TextChecks::dnsSubdomain,
          field("secrets", namedReferences(), "Secrets that pods of this account may use."),
          field("imagePullSecrets", namedReferences(), "Secrets for pulling images."),
          field(
              "automountServiceAccountToken",
              flag(),
              "Whether pods of this account get a token mounted."));

  static final Struct NODE =
      MetaSchemas.kind(
          CORE + "Node",
          Kinds.NODE,
          "Node is a machine that pods run on.",
          TextChecks::dnsSubdomain,
          field(
              "spec",
              openStruct(
                  CORE + "NodeSpec",
                  "NodeSpec describes what a node is to be.",
                  field(
                      "podCIDR",
                      text(TextChecks::cidr),
                      "Range of pod addresses that Kubernetes set aside for the node; not used by IPPools."),
                  field("podCIDRs", set(text(TextChecks::cidr)), "The same for both families."),
                  field("providerID", text(), "The node's id at a cloud provider."),
                  field("unschedulable", flag(), "Whether new pods stay away."),
                  field("taints", list(new Anything()), "What keeps pods away.")),
              "What the node is to be."),
          field(
              "status",
              openStruct(
                  CORE + "NodeStatus",
                  "NodeStatus tells where a node stands.",
                  field(
                      "addresses",
                      listBy(
                          "type",
                          openStruct(
                              CORE + "NodeAddress",
                              "NodeAddress is one of a node's addresses.",
                              required(
                                  "type", text(), "Hostname, InternalIP, ExternalIP and others."),
                              required("address", text(), "The address."))),
                      "The addresses by which the node is reached; other nodes route to its InternalIP."),
                  field("conditions", listBy("type", CONDITION), "The current state."),
                  field("images", list(new Anything()), "Images that the node holds.")),
              "Where the node stands."));

  private static final Struct CONTAINER_PORT =
      struct(
          CORE + "ContainerPort",
          "ContainerPort is a port that a container declares.",
          field(
              "name",
              text(TextChecks::portName),
              "The name by which policies may call the port; unique in the pod."),
          required("containerPort", portNumber(), "The port's number."),
          defaulted(
              "protocol", oneOf("TCP", "UDP", "SCTP"), "TCP", "The transport: TCP, UDP or SCTP."),
          field("hostPort", SchemaWords.int32(), "The port on the node that leads here."),
          field("hostIP", text(), "The node's address that hostPort is bound to."));

  private static final Listing CONTAINERS =
      listBy(
          "name",
          openStruct(
              CORE + "Container",
              "Container is a process of a pod, with its image.",
              required("name", text(TextChecks::dnsLabel), "The name, unique in the pod."),
              field("image", text(), "The image."),
              field(
                  "ports",
                  listBy("containerPort", CONTAINER_PORT),
                  "The ports that the container declares."),
              field("env", listByAnything("name"), "Environment variables."),
              field("volumeMounts", listByAnything("mountPath"), "Volumes to mount."),
              field("volumeDevices", listByAnything("devicePath"), "Block devices.")));

  private static final Struct POD_SPEC =
      openStruct(
          CORE + "PodSpec",
          "PodSpec describes what a pod is to be.",
          field("nodeName", text(), "The node that the pod is bound to."),
          field(
              "hostNetwork",
              flag(),
              "Whether the pod uses the node's own network; policies do not select such pods."),
          field("serviceAccountName", text(), "The service account that the pod runs as."),
          field("serviceAccount", text(), "Old name of serviceAccountName."),
          field("containers", CONTAINERS, "The containers."),
          field("initContainers", CONTAINERS, "Containers that run before the others."),
          field("ephemeralContainers", listByAnything("name"), "Containers added for debugging."),
          field("volumes", listByAnything("name"), "Volumes that containers may mount."),
          field("imagePullSecrets", namedReferences(), "Secrets for pulling images."),
          field("hostAliases", listByAnything("ip"), "Entries for the pod's hosts file."),
          field(
              "topologySpreadConstraints",
              listByAnything("topologyKey"),
              "How pods spread over nodes."),
          field("resourceClaims", listByAnything("name"), "Claims of devices."),
          field(
              "schedulingGates", listByAnything("name"), "What has to happen before scheduling."));

  static final Struct POD =
      MetaSchemas.kind(
          CORE + "Pod",
          Kinds.POD,
          "Pod is a group of containers that share a network namespace and its addresses.",
          TextChecks::dnsSubdomain,
          field("spec", POD_SPEC, "What the pod is to be."),
          field(
              "status",
              openStruct(
                  CORE + "PodStatus",
                  "PodStatus tells where a pod stands.",
                  field(
                      "phase",
                      oneOf("Pending", "Running", "Succeeded", "Failed", "Unknown"),
                      "Where the pod stands in its life; an ended pod has given its addresses back."),
                  field("podIP", text(TextChecks::ipAddress), "The primary address."),
                  field(
                      "podIPs",
                      listBy(
                          "ip",
                          struct(
                              CORE + "PodIP",
                              "PodIP is one of a pod's addresses.",
                              required("ip", text(TextChecks::ipAddress), "The address."))),
                      "All addresses, at most one a family, the primary one first."),
                  field("hostIP", text(), "The address of the pod's node."),
                  field("hostIPs", listByAnything("ip"), "The addresses of the pod's node."),
                  field("conditions", listBy("type", CONDITION), "The current state."),
                  field(
                      "resourceClaimStatuses",
                      listByAnything("name"),
                      "State of claimed devices.")),
              "Where the pod stands."));

  private CoreSchemas() {}

  private static Listing namedReferences() {
    return listByAnything("name");
  }

  private static Listing listByAnything(String key) {
    Field keyField = field(key, new Anything(), "What tells the item from the others.");
    return listBy(
        key, openStruct("", "An item, told from the others by its " + key + ".", keyField));
  }
}
