package io.ocicat.model.schema;

import static io.ocicat.model.schema.SchemaWords.between;
import static io.ocicat.model.schema.SchemaWords.byteOrOneOf;
import static io.ocicat.model.schema.SchemaWords.field;
import static io.ocicat.model.schema.SchemaWords.list;
import static io.ocicat.model.schema.SchemaWords.mapping;
import static io.ocicat.model.schema.SchemaWords.oneOf;
import static io.ocicat.model.schema.SchemaWords.port;
import static io.ocicat.model.schema.SchemaWords.required;
import static io.ocicat.model.schema.SchemaWords.set;
import static io.ocicat.model.schema.SchemaWords.struct;
import static io.ocicat.model.schema.SchemaWords.text;

import io.ocicat.model.schema.Schema.Field;
import io.ocicat.model.schema.Schema.Listing;
import io.ocicat.model.schema.Schema.Struct;
import io.ocicat.model.schema.Schema.Text;

/** Rules of Calico policies and profiles. */
final class CalicoRuleSchema {
  private static final String CALICO = CalicoPolicySchemas.CALICO;
  private static final int RULES_MAX = 1024;
  private static final int NETS_MAX = 256;
  private static final int NET_LENGTH = 48;
  private static final int PORTS_MAX = 50;
  private static final int HTTP_MAX = 20;

  private static final Listing PORTS =
      list(port(TextChecks::calicoPort, "^([0-9]+|[0-9]+:[0-9]+|[A-Za-z0-9_.-]{1,128})$"))
          .atMost(PORTS_MAX);

  private static final Struct SERVICE_ACCOUNTS =
      struct(
          CALICO + "ServiceAccountMatch",
          "ServiceAccountMatch tells which service accounts an endpoint may run as.",
          field(
              "names",
              set(text(TextChecks::dnsSubdomain)),
              "Names of service accounts, of which one has to be the endpoint's."),
          field(
              "selector",
              selector(),
              "Has to match the labels of the endpoint's service account, too."));

  private static final Struct SERVICE =
      struct(
          CALICO + "ServiceMatch",
          "ServiceMatch names a Service of Kubernetes.",
          required("name", text(TextChecks::dnsLabel), "The name."),
          field(
              "namespace",
              text(TextChecks::dnsLabel),
              "The namespace; that of the policy if it is left out."));

  private static final Struct ENTITY =
      struct(
          CALICO + "EntityRule",
          "EntityRule is what a rule asks of one end of the traffic. All that is given has to hold.",
          nets("nets", "Ranges of addresses, one of which has to hold the end's address."),
          field(
              "selector",
              selector(),
              "The end is an endpoint or network set whose labels match, in the namespaces that namespaceSelector"
                  + " selects. Without that: in the policy's own namespace, or anywhere for a global policy."),
          field(
              "namespaceSelector",
              selector(),
              "Namespaces, by their labels; or global() alone for what is in no namespace."),
          field(
              "services",
              SERVICE,
              "The end is an endpoint of this Service. For the destination of egress and the source of ingress alone."),
          field(
              "ports",
              PORTS,
              "Ports: numbers, ranges like \"80:90\", names. The rule's protocol has to be TCP, UDP or SCTP."),
          field("notSelector", selector(), "The end is nothing whose labels match."),
          nets("notNets", "Ranges of addresses that do not hold the end's address."),
          field("notPorts", PORTS, "Ports that are not meant."),
          field(
              "serviceAccounts",
              SERVICE_ACCOUNTS,
              "The end is an endpoint that runs as one of these service accounts."));

  private static final Struct ICMP =
      struct(
          CALICO + "ICMPFields",
          "ICMPFields tells messages of ICMP apart.",
          field("type", between(0, 254), "The type."),
          field("code", between(0, 255), "The code; needs a type."));

  private static final Struct HTTP =
      struct(
          CALICO + "HTTPMatch",
          "HTTPMatch tells HTTP requests apart. It is kept, and not enforced.",
          field(
              "methods",
              list(text(TextChecks::notBlank)).atMost(HTTP_MAX),
              "Methods such as GET; empty for all."),
          field(
              "paths",
              list(struct(
                          CALICO + "HTTPPath",
                          "HTTPPath is a path, or what paths begin with.",
                          field("exact", path(), "The whole path."),
                          field("prefix", path(), "The beginning of the path."))
                      .withOneField())
                  .atMost(HTTP_MAX),
              "Paths; empty for all."));

  private static final Struct RULE =
      struct(
          CALICO + "Rule",
          "Rule tells what becomes of traffic that matches all of it.",
          required(
              "action",
              oneOf("Allow", "Deny", "Log", "Pass"),
              "Allow and Deny decide. Pass leaves the tier. Log logs, and the next rule is asked."),
          field("ipVersion", new Schema.Whole(32, 4, 6), "4 or 6; both if it is left out."),
          field("protocol", protocol(), "The protocol, by name or number."),
          field("icmp", ICMP, "Messages of ICMP; the protocol has to be ICMP or ICMPv6."),
          field("notProtocol", protocol(), "A protocol that is not meant."),
          field("notICMP", ICMP, "Messages of ICMP that are not meant."),
          field("source", ENTITY, "Where the traffic comes from."),
          field("destination", ENTITY, "Where the traffic goes."),
          field(
              "http",
              HTTP,
              "HTTP requests; in Allow rules of ingress alone. Accepted, and not enforced."),
          field(
              "metadata",
              struct(
                  CALICO + "RuleMetadata",
                  "RuleMetadata is what a rule says about itself.",
                  field(
                      "annotations",
                      mapping(TextChecks::annotationKey, text()),
                      "Keys and values that nothing depends on.")),
              "What is to be known of the rule."));

  static final Listing RULES = list(RULE).atMost(RULES_MAX);

  private CalicoRuleSchema() {}

  static Text selector() {
    return text(TextChecks::calicoSelector).atMost(1024);
  }

  private static Field nets(String name, String description) {
    return field(
        name, set(text(TextChecks::strictCidr).atMost(NET_LENGTH)).atMost(NETS_MAX), description);
  }

  private static Schema protocol() {
    return byteOrOneOf("TCP", "UDP", "ICMP", "ICMPv6", "SCTP", "UDPLite");
  }

  private static Text path() {
    return text(TextChecks::httpPath).atMost(1024);
  }
}
