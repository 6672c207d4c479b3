package io.ocicat.policy;

import io.ocicat.selector.Selector;

/** What a rule can ask of a packet, by the name that manifests have for it. */
public enum RuleField {
  IP_VERSION("ipVersion"),
  PROTOCOL("protocol"),
  NOT_PROTOCOL("notProtocol"),
  ICMP("icmp"),
  NOT_ICMP("notICMP"),
  NETS("nets"),
  NOT_NETS("notNets"),
  NAMESPACES("namespaceSelector"),
  SELECTOR("selector"),
  ACCOUNTS("serviceAccounts"),
  NOT_SELECTOR("notSelector"),
  SERVICE("services"),
  PORTS("ports"),
  NOT_PORTS("notPorts");

  /** The end of a packet that a field is about. */
  public enum Side {
    NEITHER(""),
    SOURCE(".source"),
    DESTINATION(".destination");

    private final String path;

    Side(String path) {
      this.path = path;
    }
  }

  private final String calicoName;

  RuleField(String calicoName) {
    this.calicoName = calicoName;
  }

  /**
   * Where a document of that kind has the field.
   *
   * @param rule its rule's path in {@code spec}
   */
  String path(PolicyKind kind, PolicyRule.Match rule, Side side) {
    String own = "spec." + rule.path();
    return switch (kind) {
      case KUBERNETES_NETWORK_POLICY, STAGED_KUBERNETES_NETWORK_POLICY ->
          switch (this) {
            case NETS -> own + ".ipBlock.cidr";
            case NOT_NETS -> own + ".ipBlock.except";
            case NAMESPACES -> own + (isOwnNamespace(rule, side) ? "" : ".namespaceSelector");
            case SELECTOR -> own + ".podSelector";
            case PORTS -> whole(own) + ".ports";
            case IP_VERSION,
                PROTOCOL,
                NOT_PROTOCOL,
                ICMP,
                NOT_ICMP,
                ACCOUNTS,
                NOT_SELECTOR,
                SERVICE,
                NOT_PORTS ->
                own;
          };
      case CLUSTER_NETWORK_POLICY ->
          switch (this) {
            case NETS -> own + ".networks";
            case SELECTOR -> own + ".pods.podSelector";
            case PORTS -> whole(own) + ".protocols";
            case NAMESPACES,
                NOT_NETS,
                IP_VERSION,
                PROTOCOL,
                NOT_PROTOCOL,
                ICMP,
                NOT_ICMP,
                ACCOUNTS,
                NOT_SELECTOR,
                SERVICE,
                NOT_PORTS ->
                own;
          };
      case NETWORK_POLICY,
          GLOBAL_NETWORK_POLICY,
          STAGED_NETWORK_POLICY,
          STAGED_GLOBAL_NETWORK_POLICY,
          PROFILE ->
          own + side.path + "." + calicoName;
    };
  }

  /** Without the peer. */
  private static String whole(String path) {
    return path.substring(0, path.indexOf(']') + 1);
  }

  private static boolean isOwnNamespace(PolicyRule.Match rule, Side side) {
    TrafficEnd end = side == Side.SOURCE ? rule.traffic().source() : rule.traffic().destination();
    return end.peers() instanceof Peers.Selection selection
        && selection.namespaces() instanceof NamespaceSelection.Named;
  }

  /** A selector as its author wrote it: without what Kubernetes' policies mean besides. */
  public static Selector written(Selector selector) {
    return selector instanceof Selector.And(var operands)
        ? Selector.all(operands.stream().filter(each -> !isOfPods(each)).toList())
        : isOfPods(selector) ? new Selector.All() : selector;
  }

  private static boolean isOfPods(Selector selector) {
    return selector.equals(new Selector.Equal(Selector.ORCHESTRATOR_LABEL, PolicyPod.ORCHESTRATOR));
  }
}
