package io.ocicat.model.schema;

import static io.ocicat.model.schema.SchemaWords.cidr;
import static io.ocicat.model.schema.SchemaWords.field;
import static io.ocicat.model.schema.SchemaWords.list;
import static io.ocicat.model.schema.SchemaWords.oneOf;
import static io.ocicat.model.schema.SchemaWords.required;
import static io.ocicat.model.schema.SchemaWords.struct;
import static io.ocicat.model.schema.SchemaWords.upTo;

import io.ocicat.model.Kinds;
import io.ocicat.model.WithoutEffect;
import io.ocicat.model.schema.Schema.Field;
import io.ocicat.model.schema.Schema.Struct;
import java.util.ArrayList;
import java.util.List;

/**
 * The kinds by which Calico's parts are configured: what is honoured of them has a form, the rest
 * is taken as it comes.
 */
final class FelixSchemas {
  private static final String CALICO = "org.projectcalico.v3.";
  private static final int PORT_MAX = 65535;
  private static final String NO_EFFECT = "Accepted, and without effect here.";

  private static final Struct FAILSAFE =
      struct(
          CALICO + "ProtoPort",
          "ProtoPort is a port that no policy of a host endpoint closes.",
          field("protocol", oneOf("TCP", "UDP", "SCTP"), "The transport; TCP if absent."),
          required("port", upTo(PORT_MAX), "The number."),
          field(
              "net",
              cidr(TextChecks::strictCidr),
              "The addresses at the other end; absent for all."));

  static final Struct FELIX_CONFIGURATION =
      MetaSchemas.kind(
          CALICO + "FelixConfiguration",
          Kinds.FELIX_CONFIGURATION,
          "FelixConfiguration is what holds at nodes whatever policies say: default for all, node.NAME for one.",
          TextChecks::dnsSubdomain,
          field(
              "spec",
              struct(
                  CALICO + "FelixConfigurationSpec",
                  "FelixConfigurationSpec is Calico's; three of its fields have an effect.",
                  withoutEffect(
                      WithoutEffect.FELIX,
                      field(
                          "failsafeInboundHostPorts",
                          list(FAILSAFE),
                          "Ports of nodes that no policy of a host endpoint closes. Absent for Calico's list, empty for"
                              + " none but the controllers'."),
                      field(
                          "failsafeOutboundHostPorts",
                          list(FAILSAFE),
                          "Ports elsewhere that nodes always reach. Absent for Calico's list, empty for none but the"
                              + " controllers'."),
                      field(
                          "defaultEndpointToHostAction",
                          oneOf("Accept", "Drop", "Return", "ACCEPT", "DROP", "RETURN"),
                          "What becomes of pods' packets to their own node after the pods' egress policy; Accept if"
                              + " absent. Return is the same as Accept."))),
              "What holds."));

  static final Struct KUBE_CONTROLLERS_CONFIGURATION =
      MetaSchemas.kind(
          CALICO + "KubeControllersConfiguration",
          Kinds.KUBE_CONTROLLERS_CONFIGURATION,
          "KubeControllersConfiguration tells what the controller does for the cluster; it is called default.",
          TextChecks::dnsSubdomain,
          field(
              "spec",
              struct(
                  CALICO + "KubeControllersConfigurationSpec",
                  "KubeControllersConfigurationSpec is Calico's; what it says of host endpoints has an effect.",
                  withoutEffect(
                      WithoutEffect.KUBE_CONTROLLERS,
                      field("controllers", controllers(), "What each controller does."))),
              "What the controller does."),
          field("status", new Schema.Anything(), "What Calico's own controllers report."));

  private FelixSchemas() {}

  private static Struct controllers() {
    return struct(
        CALICO + "ControllersConfig",
        "ControllersConfig is what each controller does.",
        withoutEffect(
            WithoutEffect.CONTROLLERS,
            field(
                "node",
                struct(
                    CALICO + "NodeControllerConfig",
                    "NodeControllerConfig is what is done for nodes.",
                    withoutEffect(
                        WithoutEffect.NODE_CONTROLLER,
                        field(
                            "hostEndpoint",
                            struct(
                                CALICO + "AutoHostEndpointConfig",
                                "AutoHostEndpointConfig tells whether nodes get host endpoints by themselves.",
                                withoutEffect(
                                    WithoutEffect.AUTO_HOST_ENDPOINT,
                                    field(
                                        "autoCreate",
                                        oneOf("Enabled", "Disabled"),
                                        "Whether each node gets a host endpoint NODE-auto-hep; Disabled if absent."),
                                    field(
                                        "createDefaultHostEndpoint",
                                        oneOf("Enabled", "Disabled"),
                                        "Whether that is the one for all interfaces; Enabled if absent."))),
                            "Automatic host endpoints."))),
                "What is done for nodes.")));
  }

  private static Field[] withoutEffect(List<String> names, Field... honoured) {
    List<Field> fields = new ArrayList<>(List.of(honoured));
    names.forEach(name -> fields.add(field(name, new Schema.Anything(), NO_EFFECT)));
    return fields.toArray(Field[]::new);
  }
}
