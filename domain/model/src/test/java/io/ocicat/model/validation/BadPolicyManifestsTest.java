package io.ocicat.model.validation;

import static io.ocicat.model.Documents.document;
import static io.ocicat.model.Documents.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.schema.Defaults;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each thing that may be wrong with a policy's manifest, with the path at which it is told. */
class BadPolicyManifestsTest {
  private static final ResourceKind NP = Kinds.CALICO_NETWORK_POLICY;
  private static final ResourceKind GNP = Kinds.GLOBAL_NETWORK_POLICY;

  /**
   * @param problems beginnings of the problems, all of them, in their order
   */
  record Bad(String what, ResourceKind kind, String name, String content, List<String> problems) {
    @Override
    public String toString() {
      return kind.kind() + " " + what;
    }
  }

  private static Bad bad(String what, ResourceKind kind, String spec, String... problems) {
    return new Bad(what, kind, "one", "{spec: " + spec + "}", List.of(problems));
  }

  private static Bad named(String what, ResourceKind kind, String name, String... problems) {
    return new Bad(what, kind, name, "{spec: {}}", List.of(problems));
  }

  private static Bad rule(String what, String rule, String... problems) {
    return bad(what, NP, "{ingress: [" + rule + "]}", problems);
  }

  static List<Bad> names() {
    return List.of(
        named("with capitals in its name", NP, "Web", "metadata.name: Invalid value: \"Web\""),
        named(
            "with a name longer than a subdomain",
            GNP,
            "a".repeat(254),
            "metadata.name: Invalid value"),
        named(
            "with two dots in its name",
            GNP,
            "a.b.c",
            "metadata.name: Invalid value: \"a.b.c\": must have at most one dot"),
        named(
            "with a name reserved for policies of Kubernetes",
            NP,
            "knp.default.web",
            "metadata.name: Invalid value: \"knp.default.web\": must have at most one dot"),
        named("with a dot in its name", Kinds.TIER, "a.b", "metadata.name: Invalid value: \"a.b\""),
        named(
            "with a name longer than a label",
            Kinds.TIER,
            "a".repeat(64),
            "metadata.name: Invalid value"));
  }

  static List<Bad> policies() {
    return List.of(
        bad(
            "with a tier that is no label",
            NP,
            "{tier: 'A.b'}",
            "spec.tier: Invalid value: \"A.b\""),
        bad(
            "with a word for an order",
            NP,
            "{order: 'first'}",
            "spec.order: Invalid value: \"first\": must be of type number"),
        bad(
            "with a broken selector",
            NP,
            "{selector: 'a == '}",
            "spec.selector: Invalid value: \"a == \": selector 'a == ', character 6: found the end,"
                + " expected a quoted string"),
        bad(
            "with global() in its selector",
            NP,
            "{selector: 'global()'}",
            "spec.selector: Invalid value: \"global()\": must not use global()"),
        bad(
            "with global() deep in its selector",
            GNP,
            "{namespaceSelector: 'has(a) || !(global() && has(b))'}",
            "spec.namespaceSelector: Invalid value"),
        bad(
            "with global() for service accounts",
            NP,
            "{serviceAccountSelector: 'global()'}",
            "spec.serviceAccountSelector: Invalid value"),
        bad(
            "with a selector of 1025 characters",
            NP,
            "{selector: 'has(" + "a".repeat(1020) + ")'}",
            "spec.selector: Too long: may not be more than 1024 characters"),
        bad(
            "with a type that is none",
            NP,
            "{types: ['Inggress']}",
            "spec.types[0]: Unsupported value: \"Inggress\": supported values: \"Egress\", \"Ingress\";"
                + " did you mean \"Ingress\"?"),
        bad("with no types", NP, "{types: []}", "spec.types: Required value: must not be empty"),
        bad(
            "with a type twice",
            NP,
            "{types: ['Ingress', 'Ingress']}",
            "spec.types[1]: Duplicate value: \"Ingress\""),
        bad(
            "with a hint that is none",
            NP,
            "{performanceHints: ['Fast']}",
            "spec.performanceHints[0]: Unsupported value: \"Fast\""),
        bad(
            "with 1025 rules",
            NP,
            "{egress: [" + "{action: 'Deny'},".repeat(1024) + "{action: 'Deny'}]}",
            "spec.egress: Too many: 1025: must have at most 1024 items"),
        bad(
            "before and without tracking",
            GNP,
            "{preDNAT: true, doNotTrack: true, applyOnForward: true}",
            "spec.preDNAT: Invalid value: true: cannot be true together with doNotTrack"),
        bad(
            "with preDNAT and egress",
            GNP,
            "{preDNAT: true, applyOnForward: true, egress: [{action: 'Allow'}]}",
            "spec.egress: Invalid value",
            "spec.types: Invalid value"),
        bad(
            "with doNotTrack and without applyOnForward",
            GNP,
            "{doNotTrack: true}",
            "spec.applyOnForward: Invalid value: must be true if doNotTrack is"),
        bad(
            "with preDNAT and without applyOnForward",
            GNP,
            "{preDNAT: true, applyOnForward: false}",
            "spec.applyOnForward: Invalid value: false: must be true if preDNAT is"));
  }

  static List<Bad> rules() {
    return List.of(
        rule("without an action", "{}", "spec.ingress[0].action: Required value"),
        rule(
            "with an action in small letters",
            "{action: 'allow'}",
            "spec.ingress[0].action: Unsupported value: \"allow\": supported values: \"Allow\","
                + " \"Deny\", \"Log\", \"Pass\"; did you mean \"Allow\"?"),
        rule(
            "with IP version 5",
            "{action: 'Deny', ipVersion: 5}",
            "spec.ingress[0].ipVersion: Invalid value: 5: must be 4 or 6"),
        rule(
            "with IP version 7",
            "{action: 'Deny', ipVersion: 7}",
            "spec.ingress[0].ipVersion: Invalid value: 7"),
        rule(
            "with ICMP of IPv6",
            "{action: 'Deny', ipVersion: 6, protocol: 'ICMP'}",
            "spec.ingress[0].ipVersion: Invalid value: 6: must be 4 with the protocol ICMP"),
        rule(
            "with no ICMPv6 of IPv4",
            "{action: 'Deny', ipVersion: 4, notProtocol: 58}",
            "spec.ingress[0].ipVersion: Invalid value: 4: must be 6 with the protocol ICMPv6"),
        rule(
            "with a protocol in small letters",
            "{action: 'Deny', protocol: 'tcp'}",
            "spec.ingress[0].protocol: Unsupported value: \"tcp\": supported values: \"ICMP\","
                + " \"ICMPv6\", \"SCTP\", \"TCP\", \"UDP\", \"UDPLite\"; did you mean \"TCP\"?"),
        rule(
            "with protocol 0",
            "{action: 'Deny', protocol: 0}",
            "spec.ingress[0].protocol: Invalid value: 0: must be between 1 and 255, inclusive"),
        rule(
            "with protocol 256",
            "{action: 'Deny', notProtocol: '256'}",
            "spec.ingress[0].notProtocol: Invalid value: \"256\": must be between 1 and 255"),
        rule(
            "with an ICMP code alone",
            "{action: 'Deny', protocol: 'ICMP', icmp: {code: 0}}",
            "spec.ingress[0].icmp.type: Required value: a code needs a type"),
        rule(
            "with a negated ICMP code alone",
            "{action: 'Deny', protocol: 'ICMP', notICMP: {code: 0}}",
            "spec.ingress[0].notICMP.type: Required value: a code needs a type"),
        rule(
            "with ICMP type 255 and code 256",
            "{action: 'Deny', protocol: 'ICMP', icmp: {type: 255, code: 256}}",
            "spec.ingress[0].icmp.type: Invalid value: 255: must be between 0 and 254",
            "spec.ingress[0].icmp.code: Invalid value: 256: must be between 0 and 255"),
        rule(
            "with ICMP and without its protocol",
            "{action: 'Deny', protocol: 'TCP', icmp: {type: 8}}",
            "spec.ingress[0].icmp: Invalid value"),
        rule(
            "with ports and without a protocol",
            "{action: 'Allow', destination: {ports: [80]}}",
            "spec.ingress[0].destination.ports: Invalid value: [80]: needs the protocol TCP, UDP or SCTP"),
        rule(
            "with ports of a protocol without ports",
            "{action: 'Allow', protocol: 'ICMP', source: {notPorts: ['http']}}",
            "spec.ingress[0].source.notPorts: Invalid value"),
        rule(
            "with ports that are none",
            "{action: 'Allow', protocol: 'TCP', destination: {ports: [0, 65536, '0', '90:80', '1:70000', 'a b', 1.5, true]}}",
            "spec.ingress[0].destination.ports[0]: Invalid value: 0: must be between 1 and 65535",
            "spec.ingress[0].destination.ports[1]: Invalid value: 65536",
            "spec.ingress[0].destination.ports[2]: Invalid value: \"0\": ports are between 1 and 65535",
            "spec.ingress[0].destination.ports[3]: Invalid value: \"90:80\": the range 90:80 does not ascend",
            "spec.ingress[0].destination.ports[4]: Invalid value: \"1:70000\"",
            "spec.ingress[0].destination.ports[5]: Invalid value: \"a b\"",
            "spec.ingress[0].destination.ports[6]: Invalid value: 1.5: must be of type integer or string",
            "spec.ingress[0].destination.ports[7]: Invalid value: true: must be of type integer or string"),
        rule(
            "with 51 ports",
            "{action: 'Allow', protocol: 'TCP', source: {ports: [" + "1,".repeat(50) + "1]}}",
            "spec.ingress[0].source.ports: Too many: 51: must have at most 50 items"),
        rule(
            "with nets that are none",
            "{action: 'Allow', source: {nets: ['10.0.0.0/33', '10.0.0.1/8', 'web', 'fd00::1']}}",
            "spec.ingress[0].source.nets[0]: Invalid value: \"10.0.0.0/33\"",
            "spec.ingress[0].source.nets[1]: Invalid value: \"10.0.0.1/8\": must be strictly masked; did you mean"
                + " 10.0.0.0/8?",
            "spec.ingress[0].source.nets[2]: Invalid value: \"web\": must be a valid CIDR value",
            "spec.ingress[0].source.nets[3]: Invalid value: \"fd00::1\": must be a CIDR; did you mean fd00::1/128?"),
        rule(
            "with a net twice",
            "{action: 'Allow', source: {notNets: ['10.0.0.0/8', '10.0.0.0/8']}}",
            "spec.ingress[0].source.notNets[1]: Duplicate value"),
        rule(
            "with nets of both families at its ends",
            "{action: 'Allow', source: {nets: ['10.0.0.0/8']}, destination: {notNets: ['fd00::/8']}}",
            "spec.ingress[0].destination.notNets: Invalid value: [\"fd00::/8\"]: a rule must not have both"),
        rule(
            "with nets of another family than its version",
            "{action: 'Allow', ipVersion: 6, source: {nets: ['10.0.0.0/8']}}",
            "spec.ingress[0].source.nets: Invalid value: [\"10.0.0.0/8\"]: has addresses of another version"),
        rule(
            "with every address negated",
            "{action: 'Allow', source: {notNets: ['0.0.0.0/0']}}",
            "spec.ingress[0].source.notNets[0]: Invalid value: \"0.0.0.0/0\": must not be every address"),
        rule(
            "with global() in selectors of an end",
            "{action: 'Allow', source: {selector: 'global()', notSelector: '!global()'}}",
            "spec.ingress[0].source.selector: Invalid value",
            "spec.ingress[0].source.notSelector: Invalid value"),
        rule(
            "with global() among others in a namespaceSelector",
            "{action: 'Allow', source: {namespaceSelector: 'global() || has(a)'}}",
            "spec.ingress[0].source.namespaceSelector: Invalid value: \"global() || has(a)\": global() cannot be"
                + " combined with other selectors"),
        rule(
            "with a service account that is no name",
            "{action: 'Allow', source: {serviceAccounts: {names: ['A'], selector: 'x'}}}",
            "spec.ingress[0].source.serviceAccounts.names[0]: Invalid value: \"A\"",
            "spec.ingress[0].source.serviceAccounts.selector: Invalid value: \"x\""),
        rule(
            "with names of hosts",
            "{action: 'Allow', destination: {domains: ['example.org']}}",
            "spec.ingress[0].destination.domains: Forbidden: names of hosts are not supported"),
        rule(
            "with annotations of a wrong form",
            "{action: 'Allow', metadata: {annotations: {'a/b/c': 'd'}}}",
            "spec.ingress[0].metadata.annotations: Invalid value: \"a/b/c\""));
  }

  static List<Bad> services() {
    return List.of(
        rule(
            "with a Service without a name",
            "{action: 'Allow', source: {services: {}}}",
            "spec.ingress[0].source.services.name: Required value"),
        rule(
            "with a Service as destination of ingress",
            "{action: 'Allow', destination: {services: {name: 'a'}}}",
            "spec.ingress[0].destination.services: Forbidden: not allowed in the destination of an ingress rule"),
        bad(
            "with a Service as source of egress",
            NP,
            "{egress: [{action: 'Allow', source: {services: {name: 'a'}}}]}",
            "spec.egress[0].source.services: Forbidden: not allowed in the source of an egress rule"),
        bad(
            "with a Service without a namespace",
            GNP,
            "{egress: [{action: 'Allow', destination: {services: {name: 'a'}}}]}",
            "spec.egress[0].destination.services.namespace: Required value"),
        bad(
            "with a Service and all that it excludes",
            NP,
            """
            {egress: [{action: 'Allow', protocol: 'TCP', destination: {services: {name: 'a'}, selector: 'all()',
              notSelector: 'has(a)', namespaceSelector: 'all()', serviceAccounts: {names: ['b']}, nets: ['10.0.0.0/8'],
              notNets: ['10.1.0.0/16'], ports: [80], notPorts: [81]}}]}
            """,
            "spec.egress[0].destination.selector: Forbidden",
            "spec.egress[0].destination.notSelector: Forbidden",
            "spec.egress[0].destination.namespaceSelector: Forbidden",
            "spec.egress[0].destination.serviceAccounts: Forbidden",
            "spec.egress[0].destination.nets: Forbidden",
            "spec.egress[0].destination.notNets: Forbidden",
            "spec.egress[0].destination.ports: Forbidden",
            "spec.egress[0].destination.notPorts: Forbidden"));
  }

  static List<Bad> http() {
    return List.of(
        bad(
            "with HTTP in egress",
            NP,
            "{egress: [{action: 'Allow', http: {methods: ['GET']}}]}",
            "spec.egress[0].http: Forbidden: not allowed in an egress rule"),
        rule(
            "with HTTP in a denying rule",
            "{action: 'Deny', http: {methods: ['GET']}}",
            "spec.ingress[0].http: Forbidden: only allowed in an Allow rule"),
        rule(
            "with HTTP over UDP",
            "{action: 'Allow', protocol: 'UDP', http: {methods: ['GET']}}",
            "spec.ingress[0].protocol: Invalid value: \"UDP\": must be TCP or left out"),
        rule(
            "with a method twice",
            "{action: 'Allow', http: {methods: ['GET', 'GET']}}",
            "spec.ingress[0].http.methods[1]: Duplicate value: \"GET\""),
        rule(
            "with paths that are none",
            "{action: 'Allow', http: {paths: [{exact: 'a'}, {prefix: '/a?b'}, {exact: '/a', prefix: '/b'}, {}]}}",
            "spec.ingress[0].http.paths[0].exact: Invalid value: \"a\": must begin with /",
            "spec.ingress[0].http.paths[1].prefix: Invalid value: \"/a?b\": must not contain '?', '#' or blanks",
            "spec.ingress[0].http.paths[2]: Invalid value: {\"exact\":\"/a\",\"prefix\":\"/b\"}: must have only one of"
                + " exact, prefix",
            "spec.ingress[0].http.paths[3]: Required value: must have one of exact, prefix"),
        rule(
            "with 21 methods",
            "{action: 'Allow', http: {methods: ['"
                + String.join(
                    "','", java.util.stream.IntStream.range(0, 21).mapToObj(i -> "M" + i).toList())
                + "']}}",
            "spec.ingress[0].http.methods: Too many: 21: must have at most 20 items"));
  }

  static List<Bad> staged() {
    return List.of(
        bad(
            "with an action that is none",
            Kinds.STAGED_NETWORK_POLICY,
            "{stagedAction: 'Drop'}",
            "spec.stagedAction: Unsupported value: \"Drop\""),
        bad(
            "that deletes and has rules",
            Kinds.STAGED_NETWORK_POLICY,
            "{stagedAction: 'Delete', tier: 'default', selector: 'all()', ingress: [{action: 'Deny'}]}",
            "spec.selector: Forbidden: must be empty if stagedAction is Delete",
            "spec.ingress: Forbidden: must be empty if stagedAction is Delete"),
        bad(
            "that deletes and has an order",
            Kinds.STAGED_GLOBAL_NETWORK_POLICY,
            "{stagedAction: 'Delete', order: 0, doNotTrack: false}",
            "spec.order: Forbidden: must be empty if stagedAction is Delete"),
        bad(
            "that deletes and has types",
            Kinds.STAGED_KUBERNETES_NETWORK_POLICY,
            "{stagedAction: 'Delete', policyTypes: ['Ingress']}",
            "spec.policyTypes: Forbidden: must be empty if stagedAction is Delete"),
        bad(
            "with a rule that Kubernetes refuses",
            Kinds.STAGED_KUBERNETES_NETWORK_POLICY,
            "{ingress: [{from: [{}], ports: [{port: 80, endPort: 79}]}]}",
            "spec.ingress[0].ports[0].endPort: Invalid value: 79",
            "spec.ingress[0].from[0]: Required value: must specify a peer"),
        bad(
            "with what an enforced one may not have",
            Kinds.STAGED_GLOBAL_NETWORK_POLICY,
            "{preDNAT: true, ingress: [{action: 'Allow', source: {ports: [1]}}]}",
            "spec.ingress[0].source.ports: Invalid value",
            "spec.applyOnForward: Invalid value"));
  }

  static List<Bad> others() {
    return List.of(
        new Bad(
            "default with another order",
            Kinds.TIER,
            "default",
            "{spec: {order: 1}}",
            List.of("spec.order: Invalid value: 1: must be 1000000 in the tier default")),
        new Bad(
            "default without an order that passes",
            Kinds.TIER,
            "default",
            "{spec: {defaultAction: 'Pass'}}",
            List.of(
                "spec.order: Invalid value: must be 1000000",
                "spec.defaultAction: Invalid value: \"Pass\": must be Deny in the tier default")),
        new Bad(
            "kube-admin that denies",
            Kinds.TIER,
            "kube-admin",
            "{spec: {order: 1000}}",
            List.of("spec.defaultAction: Invalid value: \"Deny\": must be Pass")),
        new Bad(
            "kube-baseline with another order",
            Kinds.TIER,
            "kube-baseline",
            "{spec: {order: 1000000.5, defaultAction: 'Pass'}}",
            List.of("spec.order: Invalid value: 1000000.5: must be 10000000")),
        bad(
            "that allows by default",
            Kinds.TIER,
            "{defaultAction: 'Allow'}",
            "spec.defaultAction: Unsupported value: \"Allow\""),
        bad(
            "with nets that are none",
            Kinds.GLOBAL_NETWORK_SET,
            "{nets: ['10.0.0', '10.0.0.0/8', 'fd00::/129', '10.0.0.0/8']}",
            "spec.nets[0]: Invalid value: \"10.0.0\"",
            "spec.nets[2]: Invalid value: \"fd00::/129\"",
            "spec.nets[3]: Duplicate value: \"10.0.0.0/8\""),
        new Bad(
            "with the label of a namespace",
            Kinds.NETWORK_SET,
            "one",
            "{metadata: {name: 'one', namespace: 'n', labels: {'projectcalico.org/namespace': 'n'}}}",
            List.of("metadata.labels[projectcalico.org/namespace]: Forbidden")),
        bad(
            "without node, device and addresses",
            Kinds.HOST_ENDPOINT,
            "{}",
            "spec.node: Required value",
            "spec.interfaceName: Required value: this or expectedIPs has to be given"),
        bad(
            "with a device that is none",
            Kinds.HOST_ENDPOINT,
            "{node: 'a', interfaceName: 'a-name-of-16-chr', expectedIPs: ['10.0.0.0/8'], profiles: ['A']}",
            "spec.interfaceName: Invalid value: \"a-name-of-16-chr\"",
            "spec.expectedIPs[0]: Invalid value: \"10.0.0.0/8\"",
            "spec.profiles[0]: Invalid value: \"A\""),
        bad(
            "with ports that are none",
            Kinds.HOST_ENDPOINT,
            "{node: 'a', interfaceName: '*', ports: [{name: 'a', port: 0, protocol: 'ICMP'}, {}]}",
            "spec.ports[0].protocol: Unsupported value: \"ICMP\"",
            "spec.ports[0].port: Invalid value: 0",
            "spec.ports[1].name: Required value",
            "spec.ports[1].protocol: Required value",
            "spec.ports[1].port: Required value"),
        bad(
            "with failsafe ports and an action that are none",
            Kinds.FELIX_CONFIGURATION,
            "{failsafeInboundHostPorts: [{port: 65536, protocol: 'ICMP', net: '10.0.0.1/8'}, {}],"
                + " defaultEndpointToHostAction: 'Allow'}",
            "spec.failsafeInboundHostPorts[0].protocol: Unsupported value: \"ICMP\"",
            "spec.failsafeInboundHostPorts[0].port: Invalid value: 65536",
            "spec.failsafeInboundHostPorts[0].net: Invalid value: \"10.0.0.1/8\"",
            "spec.failsafeInboundHostPorts[1].port: Required value",
            "spec.defaultEndpointToHostAction: Unsupported value: \"Allow\""),
        bad(
            "with a switch that is none",
            Kinds.KUBE_CONTROLLERS_CONFIGURATION,
            "{controllers: {node: {hostEndpoint: {autoCreate: 'On'}}}}",
            "spec.controllers.node.hostEndpoint.autoCreate: Unsupported value: \"On\""),
        bad(
            "with a bad rule and a bad label",
            Kinds.PROFILE,
            "{ingress: [{action: 'Allow', destination: {ports: [80]}}], labelsToApply: {'-a': 'b'}}",
            "spec.labelsToApply: Invalid value: \"-a\"",
            "spec.ingress[0].destination.ports: Invalid value"));
  }

  static List<Bad> clusterPolicies() {
    String subject = "tier: 'Admin', priority: 1, subject: {namespaces: {}}";
    ResourceKind kind = Kinds.CLUSTER_NETWORK_POLICY;
    return List.of(
        bad(
            "without anything",
            kind,
            "{}",
            "spec.tier: Required value",
            "spec.priority: Required value",
            "spec.subject: Required value"),
        bad(
            "with values out of range",
            kind,
            "{tier: 'admin', priority: 1001, subject: {}}",
            "spec.tier: Unsupported value: \"admin\": supported values: \"Admin\", \"Baseline\"; did you mean"
                + " \"Admin\"?",
            "spec.priority: Invalid value: 1001: must be between 0 and 1000",
            "spec.subject: Required value: must have one of namespaces, pods"),
        bad(
            "with two subjects",
            kind,
            "{tier: 'Admin', priority: 1, subject: {namespaces: {}, pods: {podSelector: {}}}}",
            "spec.subject: Invalid value: {\"namespaces\":{},\"pods\":{\"podSelector\":{}}}: must have only one of"),
        bad(
            "with bad label selectors",
            kind,
            """
            {tier: 'Admin', priority: 1, subject: {pods: {namespaceSelector: {matchExpressions: [{key: 'a', operator: 'In'}]},
              podSelector: {matchExpressions: [{key: 'a', operator: 'Exists', values: ['b']}]}}}}
            """,
            "spec.subject.pods.namespaceSelector.matchExpressions[0].values: Required value",
            "spec.subject.pods.podSelector.matchExpressions[0].values: Forbidden"),
        bad(
            "with rules without peers",
            kind,
            "{"
                + subject
                + ", ingress: [{action: 'Allow'}], egress: [{action: 'Accept', to: [{}]}]}",
            "spec.ingress[0].action: Unsupported value: \"Allow\"",
            "spec.ingress[0].from: Required value",
            "spec.egress[0].to[0]: Required value: must have one of namespaces, pods, nodes, networks, domainNames"),
        bad(
            "with an empty list of peers and of protocols",
            kind,
            "{" + subject + ", ingress: [{action: 'Deny', from: [], protocols: []}]}",
            "spec.ingress[0].from: Required value: must not be empty",
            "spec.ingress[0].protocols: Required value: must not be empty"),
        bad(
            "with 26 rules",
            kind,
            "{"
                + subject
                + ", ingress: ["
                + "{action: 'Deny', from: [{namespaces: {}}]},".repeat(25)
                + "{action: 'Deny', from: [{namespaces: {}}]}]}",
            "spec.ingress: Too many: 26: must have at most 25 items"),
        bad(
            "with a rule's name of 101 characters",
            kind,
            "{"
                + subject
                + ", ingress: [{name: '"
                + "a".repeat(101)
                + "', action: 'Deny', from: [{namespaces: {}}]}]}",
            "spec.ingress[0].name: Too long: may not be more than 100 characters"),
        bad(
            "with networks that are none",
            kind,
            "{"
                + subject
                + ", egress: [{action: 'Deny', to: [{networks: ['10.0.0.1', '10.0.0.0/8', '10.0.0.0/8']}]}]}",
            "spec.egress[0].to[0].networks[0]: Invalid value: \"10.0.0.1\"",
            "spec.egress[0].to[0].networks[2]: Duplicate value"),
        bad(
            "with domain names where they may not be",
            kind,
            "{"
                + subject
                + ", egress: [{action: 'Deny', to: [{domainNames: ['a.*.org', '*.example.org']}]}]}",
            "spec.egress[0].to[0].domainNames[0]: Invalid value: \"a.*.org\"",
            "spec.egress[0].to[0].domainNames: Forbidden: only allowed in a rule with the action Accept"),
        bad(
            "with bad ports",
            kind,
            "{"
                + subject
                + ", ingress: [{action: 'Deny', from: [{namespaces: {}}], protocols: [{tcp: {}}, {udp: {destinationPort: {}}},"
                + " {tcp: {destinationPort: {number: 0}}}, {sctp: {destinationPort: {range: {start: 9, end: 9}}}},"
                + " {tcp: {destinationPort: {number: 1, range: {start: 1, end: 2}}}}, {}]}]}",
            "spec.ingress[0].protocols[0].tcp.destinationPort: Required value",
            "spec.ingress[0].protocols[1].udp.destinationPort: Required value: must have one of number, range",
            "spec.ingress[0].protocols[2].tcp.destinationPort.number: Invalid value: 0",
            "spec.ingress[0].protocols[4].tcp.destinationPort: Invalid value",
            "spec.ingress[0].protocols[5]: Required value",
            "spec.ingress[0].protocols[3].sctp.destinationPort.range.end: Invalid value: 9: must be greater than start"),
        bad(
            "with a named port of a network",
            kind,
            "{"
                + subject
                + ", egress: [{action: 'Deny', to: [{networks: ['10.0.0.0/8']}],"
                + " protocols: [{destinationNamedPort: 'web'}]}]}",
            "spec.egress[0].protocols[0].destinationNamedPort: Forbidden"));
  }

  @ParameterizedTest
  @MethodSource({
    "names",
    "policies",
    "rules",
    "services",
    "http",
    "staged",
    "others",
    "clusterPolicies"
  })
  void tellsAllThatIsWrongWithA(Bad manifest) {
    ObjectNode document = document(manifest.kind(), manifest.name(), "{}");
    document.setAll(json(manifest.content()));
    Defaults.fill(manifest.kind(), document);
    List<String> problems =
        Validator.check(manifest.kind(), document, ValidationContext.creating()).problems().stream()
            .map(Problem::toString)
            .toList();
    assertThat(problems).hasSameSizeAs(manifest.problems());
    for (int i = 0; i < problems.size(); i++) {
      assertThat(problems.get(i)).startsWith(manifest.problems().get(i));
    }
  }
}
