package io.ocicat.model.schema;

import static io.ocicat.model.schema.SchemaWords.defaulted;
import static io.ocicat.model.schema.SchemaWords.field;
import static io.ocicat.model.schema.SchemaWords.flag;
import static io.ocicat.model.schema.SchemaWords.list;
import static io.ocicat.model.schema.SchemaWords.oneOf;
import static io.ocicat.model.schema.SchemaWords.openStruct;
import static io.ocicat.model.schema.SchemaWords.portNumber;
import static io.ocicat.model.schema.SchemaWords.required;
import static io.ocicat.model.schema.SchemaWords.set;
import static io.ocicat.model.schema.SchemaWords.text;

import io.ocicat.model.Kinds;
import io.ocicat.model.schema.Schema.Anything;
import io.ocicat.model.schema.Schema.Struct;

/**
 * Service and Secret. Of services what policy and the announcing of routes use is described; their
 * other fields are kept and not looked at.
 */
final class ServiceSchemas {
  private static final String CORE = "io.k8s.api.core.v1.";

  private static final Struct PORT =
      openStruct(
          CORE + "ServicePort",
          "ServicePort is a port of a service.",
          field("name", text(TextChecks::dnsLabel), "Its name, where there are several."),
          required("port", portNumber(), "Its number at the service's addresses."),
          field("targetPort", new Anything(), "The port of the pods, by number or name."),
          defaulted(
              "protocol", oneOf("TCP", "UDP", "SCTP"), "TCP", "The transport: TCP, UDP or SCTP."));

  static final Struct SERVICE =
      MetaSchemas.kind(
          CORE + "Service",
          Kinds.SERVICE,
          "Service is a name and addresses for what several pods do; our own API gives it none.",
          TextChecks::dnsLabel,
          field(
              "spec",
              openStruct(
                  CORE + "ServiceSpec",
                  "ServiceSpec describes what a service is to be.",
                  defaulted(
                      "type",
                      oneOf("ClusterIP", "NodePort", "LoadBalancer", "ExternalName"),
                      "ClusterIP",
                      "How it is reached."),
                  field("clusterIP", text(), "Its virtual address, or None."),
                  field("clusterIPs", set(text()), "All of them, the primary one first."),
                  field(
                      "externalIPs",
                      set(text(TextChecks::ipAddress)),
                      "Addresses that are routed to nodes."),
                  field(
                      "externalTrafficPolicy",
                      oneOf("Cluster", "Local"),
                      "Local: what comes from outside goes to endpoints on the node where it arrives."),
                  field("selector", MetaSchemas.STRING_MAP, "The labels of its pods."),
                  field("ports", list(PORT), "What it listens on.")),
              "What the service is to be."),
          field(
              "status",
              openStruct(
                  CORE + "ServiceStatus",
                  "ServiceStatus tells where a service stands.",
                  field(
                      "loadBalancer",
                      openStruct(
                          CORE + "LoadBalancerStatus",
                          "LoadBalancerStatus is what a load balancer gave a service.",
                          field(
                              "ingress",
                              list(
                                  openStruct(
                                      CORE + "LoadBalancerIngress",
                                      "LoadBalancerIngress is a place at a load balancer.",
                                      field("ip", text(TextChecks::ipAddress), "Its address."))),
                              "Where it is reached.")),
                      "What a load balancer gave it.")),
              "Where the service stands."));

  static final Struct SECRET =
      MetaSchemas.kind(
          CORE + "Secret",
          Kinds.SECRET,
          "Secret is what is not for everybody's eyes, such as passwords.",
          TextChecks::dnsSubdomain,
          field("type", text(), "What it is for."),
          field("data", MetaSchemas.STRING_MAP, "The values in Base64."),
          field("stringData", MetaSchemas.STRING_MAP, "Values as they are, which come first."),
          field("immutable", flag(), "Whether its values may not change."));

  private ServiceSchemas() {}
}
