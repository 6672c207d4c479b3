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
import static io.ocicat.model.schema.SchemaWords.struct;
import static io.ocicat.model.schema.SchemaWords.text;

import io.ocicat.model.Kinds;
import io.ocicat.model.schema.Schema.Struct;

/**
 * EndpointSlice of {@code discovery.k8s.io/v1}: what rules that name a service mean. What only
 * service proxies look at is kept and not described.
 */
final class EndpointSliceSchema {
  private static final String DISCOVERY = "io.k8s.api.discovery.v1.";

  private static final Struct CONDITIONS =
      struct(
          DISCOVERY + "EndpointConditions",
          "EndpointConditions tells whether an endpoint can be used.",
          field("ready", flag(), "Whether it shall get new connections; unknown counts as so."),
          field("serving", flag(), "Whether it answers, though it may be ending."),
          field("terminating", flag(), "Whether it is ending."));

  private static final Struct TARGET =
      openStruct(
          "",
          "What an endpoint is.",
          field("kind", text(), "Pod, as a rule."),
          field("namespace", text(), "Its namespace."),
          field("name", text(), "Its name."));

  private static final Struct ENDPOINT =
      openStruct(
          DISCOVERY + "Endpoint",
          "Endpoint is one place where a service is answered.",
          required("addresses", set(text()), "Its addresses, all of the slice's addressType."),
          field("conditions", CONDITIONS, "Whether it can be used."),
          field("nodeName", text(), "The node that it is on."),
          field("targetRef", TARGET, "What it is."));

  private static final Struct PORT =
      openStruct(
          DISCOVERY + "EndpointPort",
          "EndpointPort is a port on which all endpoints of a slice listen.",
          field("name", text(), "The service port's name; empty if it has none."),
          field("port", portNumber(), "Its number."),
          defaulted(
              "protocol", oneOf("TCP", "UDP", "SCTP"), "TCP", "The transport: TCP, UDP or SCTP."));

  static final Struct ENDPOINT_SLICE =
      MetaSchemas.kind(
          DISCOVERY + "EndpointSlice",
          Kinds.ENDPOINT_SLICE,
          "EndpointSlice is a part of a service's endpoints; the label kubernetes.io/service-name names the"
              + " service.",
          TextChecks::dnsSubdomain,
          required(
              "addressType", oneOf("IPv4", "IPv6", "FQDN"), "Of which kind all addresses are."),
          field("endpoints", list(ENDPOINT), "Where the service is answered."),
          field("ports", list(PORT), "The ports on which all endpoints listen."));

  private EndpointSliceSchema() {}
}
