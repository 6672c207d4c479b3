package io.ocicat.policy.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.CalicoRule.Action;
import io.ocicat.model.Kinds;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.model.Pod;
import io.ocicat.model.Tier;
import io.ocicat.policy.Explanation;
import io.ocicat.policy.Explanation.Result;
import io.ocicat.policy.Finding;
import io.ocicat.policy.Flow;
import io.ocicat.policy.HostVerdict;
import io.ocicat.policy.PolicyKind;
import io.ocicat.policy.PolicyName;
import io.ocicat.policy.PolicyRule;
import io.ocicat.policy.PolicySpec;
import io.ocicat.policy.PolicyVerdict.Ground;
import io.ocicat.policy.RuleField;
import io.ocicat.policy.RuleField.Side;
import io.ocicat.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Changes of which one may make an end allow what it denies. Whether it does, others find out. */
final class Candidates {

  private static final int PORT_SIZE = 10;
  private static final int LABEL_SIZE = 12;
  private static final int PEER_SIZE = 20;
  private static final int RULE_SIZE = 30;
  private static final int POLICY_SIZE = 40;

  /** A rule in a policy that is for a whole namespace or more opens more than is asked. */
  private static final int BROAD_SIZE = 50;

  private static final int NAME_LENGTH_MAX = 63;
  private static final Pattern RULE = Pattern.compile("(ingress|egress)\\[(\\d+)](?:\\..*)?");

  private final ClusterDocuments cluster;
  private final Direction direction;
  private final List<Explanation.Tier> tiers;
  private final Optional<Ground> ground;
  private final PeerText own;
  private final PeerText peer;
  private final Flow.Traffic traffic;
  private final List<Remedy.Change> changes = new ArrayList<>();

  /**
   * @param refusing what denies the flow
   */
  Candidates(ClusterDocuments cluster, Flow flow, Explanation.Stop refusing) {
    this.cluster = cluster;
    this.direction = refusing.direction();
    switch (refusing) {
      case Explanation.Stop.AtPod(var end) -> {
        this.tiers = end.tiers();
        this.ground = Optional.of(end.verdict().ground());
      }
      case Explanation.Stop.AtHost(_, var step, var asked) -> {
        this.tiers = asked;
        this.ground =
            step.ground() instanceof HostVerdict.Ground.ByPolicy(var byPolicy)
                ? Optional.of(byPolicy)
                : Optional.empty();
      }
      case Explanation.Stop.PodToHost _ -> {
        this.tiers = List.of();
        this.ground = Optional.empty();
      }
    }
    this.traffic = flow.traffic();
    IpAddress source =
        flow.source() instanceof Flow.Source.Remote(var address) ? address : flow.destination();
    this.own = PeerText.at(cluster, direction == Direction.INGRESS ? flow.destination() : source);
    this.peer = PeerText.at(cluster, direction == Direction.INGRESS ? source : flow.destination());
  }

  List<Remedy.Change> all() {
    if (tiers.isEmpty() || ground.isEmpty()) {
      return List.of();
    }
    Explanation.Tier last = tiers.getLast();
    for (Explanation.Policy policy : last.policies()) {
      for (Explanation.Rule rule : policy.rules()) {
        if (rule.result() == Result.NOT_MATCHED
            && rule.action().filter(action -> action == Action.ALLOW).isPresent()) {
          widen(policy.spec(), rule);
        }
      }
    }
    switch (ground.get()) {
      case Ground.ByRule rule ->
          last.policies().stream()
              .map(Explanation.Policy::spec)
              .filter(spec -> spec.name().equals(rule.policy()))
              .forEach(spec -> addRule(spec, index(rule.path()), RULE_SIZE));
      case Ground.EndOfTier _ -> {
        for (Explanation.Policy policy : last.policies()) {
          addRule(
              policy.spec(),
              Integer.MAX_VALUE,
              RuleTexts.isForAll(policy.spec()) ? BROAD_SIZE : RULE_SIZE);
        }
        addPolicy(last.tier().name());
      }
      case Ground.AfterTiers _ -> {}
    }
    return changes;
  }

  private static int index(String path) {
    Matcher matcher = RULE.matcher(path);
    return matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
  }

  private Side peerSide() {
    return direction == Direction.INGRESS ? Side.SOURCE : Side.DESTINATION;
  }

  private String rules() {
    return direction == Direction.INGRESS ? "ingress" : "egress";
  }

  private String from() {
    return direction == Direction.INGRESS ? "from" : "to";
  }

  /** What an allowing rule lacks. */
  private void widen(PolicySpec spec, Explanation.Rule rule) {
    List<Finding> failing = rule.failing();
    boolean ports =
        failing.stream()
            .allMatch(f -> f.field() == RuleField.PORTS && f.side() == Side.DESTINATION);
    boolean ofPeer = failing.stream().allMatch(f -> f.side() == peerSide() && isAboutWho(f));
    int index = index(rule.path().substring("spec.".length()));
    cluster
        .document(spec.name())
        .map(JsonEdits::new)
        .ifPresent(
            edits -> {
              if (!(edits.document().path("spec").path(rules()).path(index)
                  instanceof ObjectNode written)) {
                return;
              }
              if (ports) {
                addPort(spec, edits, written, index);
              } else if (ofPeer) {
                addPeer(spec, edits, written, index);
              }
            });
    if (failing.stream().allMatch(f -> f.field() == RuleField.SELECTOR && f.side() == peerSide())) {
      addLabels(spec, rule);
    }
  }

  private static boolean isAboutWho(Finding finding) {
    return switch (finding.field()) {
      case NETS, NOT_NETS, NAMESPACES, SELECTOR, ACCOUNTS -> true;
      case IP_VERSION,
          PROTOCOL,
          NOT_PROTOCOL,
          ICMP,
          NOT_ICMP,
          NOT_SELECTOR,
          SERVICE,
          PORTS,
          NOT_PORTS ->
          false;
    };
  }

  private void addPort(PolicySpec spec, JsonEdits edits, ObjectNode written, int index) {
    if (!(traffic instanceof Flow.Traffic.Transport(var protocol, _, var port))) {
      return;
    }
    String path = "/spec/" + rules() + "/" + index;
    String field = "ports";
    switch (RuleTexts.dialect(spec.name().kind())) {
      case KUBERNETES -> {
        edits.insert(
            written, path, field, Integer.MAX_VALUE, RuleTexts.kubernetesPort(protocol, port));
      }
      case CLUSTER -> {
        field = "protocols";
        edits.insert(
            written, path, field, Integer.MAX_VALUE, RuleTexts.clusterPort(protocol, port));
      }
      case CALICO -> {
        if (!(written.path("destination") instanceof ObjectNode destination)) {
          return;
        }
        field = "destination.ports";
        edits.insert(
            destination,
            path + "/destination",
            "ports",
            Integer.MAX_VALUE,
            JsonNodeFactory.instance.numberNode(port));
      }
    }
    String at = "spec.%s[%d].%s".formatted(rules(), index, field);
    add(edits, "add %s %d to %s of %s".formatted(protocol, port, at, spec.name()), at, PORT_SIZE);
  }

  private void addPeer(PolicySpec spec, JsonEdits edits, ObjectNode written, int index) {
    String path = "/spec/" + rules() + "/" + index;
    String at = "spec.%s[%d].".formatted(rules(), index);
    switch (RuleTexts.dialect(spec.name().kind())) {
      case KUBERNETES -> {
        at += from();
        edits.insert(
            written, path, from(), Integer.MAX_VALUE, peer.kubernetes(spec.name().namespace()));
      }
      case CLUSTER -> {
        Optional<ObjectNode> text = peer.cluster(direction);
        if (text.isEmpty()) {
          return;
        }
        at += from();
        edits.insert(written, path, from(), Integer.MAX_VALUE, text.get());
      }
      case CALICO -> {
        String side = direction == Direction.INGRESS ? "source" : "destination";
        if (!(written.path(side) instanceof ObjectNode owner) || !owner.path("nets").isArray()) {
          return;
        }
        at += side + ".nets";
        edits.insert(
            owner, path + "/" + side, "nets", Integer.MAX_VALUE, TextNode.valueOf(peer.hostCidr()));
      }
    }
    add(edits, "add %s to %s of %s".formatted(peer.title(), at, spec.name()), at, PEER_SIZE);
  }

  /** Makes the other pod one that the rule means. */
  private void addLabels(PolicySpec spec, Explanation.Rule rule) {
    Optional<PolicyRule.Match> match =
        spec.rules(direction).stream()
            .filter(each -> rule.path().equals("spec." + each.path()))
            .filter(PolicyRule.Match.class::isInstance)
            .map(PolicyRule.Match.class::cast)
            .findFirst();
    if (match.isEmpty() || peer.pod().isEmpty()) {
      return;
    }
    Pod pod = peer.pod().get();
    Optional<Map<String, String>> wanted =
        RuleTexts.selector(match.get(), peerSide()).flatMap(s -> RuleTexts.labelsFor(s, pod));
    Optional<JsonNode> document = cluster.document(Kinds.POD, pod.namespace(), pod.name());
    if (wanted.isEmpty() || wanted.get().isEmpty() || document.isEmpty()) {
      return;
    }
    JsonEdits edits = new JsonEdits(document.get());
    List<String> texts = new ArrayList<>();
    new TreeMap<>(wanted.get())
        .forEach(
            (key, value) -> {
              edits.set(key, TextNode.valueOf(value), "metadata", "labels");
              texts.add(key + "=" + value);
            });
    boolean made = !document.get().path("metadata").path("ownerReferences").isEmpty();
    add(
        edits,
        "label Pod %s/%s with %s%s, as %s of %s wants"
            .formatted(
                pod.namespace(),
                pod.name(),
                String.join(" and ", texts),
                made ? " (and the template that it is made from)" : "",
                rule.path(),
                spec.name()),
        "metadata.labels",
        LABEL_SIZE * texts.size());
  }

  private void addRule(PolicySpec spec, int index, int size) {
    Optional<JsonNode> document = cluster.document(spec.name());
    Optional<ObjectNode> rule =
        RuleTexts.rule(spec.name().kind(), spec.name().namespace(), direction, peer, traffic);
    if (document.isEmpty() || rule.isEmpty()) {
      return;
    }
    JsonEdits edits = new JsonEdits(document.get());
    if (!(edits.document().path("spec") instanceof ObjectNode owner)) {
      return;
    }
    int at = Math.min(index, owner.path(rules()).size());
    edits.insert(owner, "/spec", rules(), at, rule.get());
    String path = "spec.%s[%d]".formatted(rules(), at);
    add(
        edits,
        "add a rule to %s that allows %s (%s)".formatted(spec.name(), what(), path),
        path,
        size);
  }

  private String what() {
    String traffic = RuleTexts.words(this.traffic);
    return direction == Direction.INGRESS
        ? traffic + " from " + peer.title()
        : traffic + " to " + peer.title();
  }

  /** For the pod alone, in the tier that denies. */
  private void addPolicy(String tier) {
    Optional<Pod> pod = own.pod();
    if (pod.isEmpty()) {
      return;
    }
    boolean kubernetes = tier.equals(Tier.DEFAULT);
    PolicyKind kind = kubernetes ? PolicyKind.KUBERNETES_NETWORK_POLICY : PolicyKind.NETWORK_POLICY;
    String namespace = pod.get().namespace();
    Optional<ObjectNode> rule = RuleTexts.rule(kind, namespace, direction, peer, traffic);
    if (rule.isEmpty() || tier.startsWith("kube-")) {
      return;
    }
    String name = freeName(kind, namespace, tier);
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("apiVersion", kubernetes ? "networking.k8s.io/v1" : "projectcalico.org/v3");
    document.put("kind", "NetworkPolicy");
    document.putObject("metadata").put("name", name).put("namespace", namespace);
    ObjectNode spec = document.putObject("spec");
    if (kubernetes) {
      spec.set("podSelector", PeerText.matchLabels(own.labels()));
      spec.putArray("policyTypes").add(direction == Direction.INGRESS ? "Ingress" : "Egress");
    } else {
      spec.put("tier", tier).put("order", 0);
      spec.put(
          "selector", PeerText.expression(own.labels()).orElse(new Selector.All().canonical()));
      spec.putArray("types").add(direction == Direction.INGRESS ? "Ingress" : "Egress");
    }
    spec.putArray(rules()).add(rule.get());
    changes.add(
        new Remedy.Change(
            "create NetworkPolicy %s/%s for %s that allows %s"
                .formatted(namespace, name, own.title(), what()),
            "",
            JsonNodeFactory.instance.arrayNode(),
            document,
            true,
            POLICY_SIZE));
  }

  private String freeName(PolicyKind kind, String namespace, String tier) {
    String plain =
        direction == Direction.INGRESS
            ? "allow-%s-to-%s".formatted(peer.word(), own.word())
            : "allow-%s-out-to-%s".formatted(own.word(), peer.word());
    String prefix = kind == PolicyKind.NETWORK_POLICY ? tier + "." : "";
    String base =
        plain
            .substring(0, Math.min(plain.length(), NAME_LENGTH_MAX - prefix.length() - 4))
            .replaceAll("[^a-z0-9]+$", "");
    String name = prefix + base;
    for (int number = 2;
        cluster.document(new PolicyName(kind, namespace, name)).isPresent();
        number++) {
      name = prefix + base + "-" + number;
    }
    return name;
  }

  private void add(JsonEdits edits, String description, String path, int size) {
    changes.add(new Remedy.Change(description, path, edits.patch(), edits.document(), false, size));
  }
}
