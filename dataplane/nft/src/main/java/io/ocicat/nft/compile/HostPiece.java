package io.ocicat.nft.compile;

import static io.ocicat.nftables.RuleBuilder.rule;

import io.ocicat.inet.IpFamily;
import io.ocicat.model.FelixConfiguration.EndpointToHostAction;
import io.ocicat.nft.compile.NftHosts.Endpoint;
import io.ocicat.nftables.Bytes;
import io.ocicat.nftables.Chain.BaseChain;
import io.ocicat.nftables.Chain.RegularChain;
import io.ocicat.nftables.ChainContent;
import io.ocicat.nftables.ChainPolicy;
import io.ocicat.nftables.ChainType;
import io.ocicat.nftables.CtState;
import io.ocicat.nftables.DataType;
import io.ocicat.nftables.Element;
import io.ocicat.nftables.Hook;
import io.ocicat.nftables.KeyType;
import io.ocicat.nftables.NftSet;
import io.ocicat.nftables.Rule;
import io.ocicat.nftables.RuleBuilder;
import io.ocicat.nftables.SetContent;
import io.ocicat.nftables.Verdict;
import io.ocicat.policy.HostStage;
import io.ocicat.policy.TierStep;
import io.ocicat.selector.ContentHash;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of the table that is there for host endpoints, and only with them.
 *
 * <p>It hangs on base chains of its own, before or after those for pods, so that to accept a packet
 * here is to let it go on to what is asked next. A policy that allows before it is known where a
 * packet goes leaves {@link #ALLOWED} on it, which the later stages take off again.
 */
final class HostPiece {

  /** A bit of packets' marks that is ours, and only on the way through the node. */
  static final int ALLOWED = 0x0100_0000;

  /**
   * Another: what the host sends to a translated destination, which is judged where it is known by
   * which interface it really leaves.
   */
  static final int TRANSLATED = 0x0200_0000;

  private static final int BEFORE_PODS = BaseChain.PRIORITY_FILTER - 1;
  private static final int AFTER_PODS = BaseChain.PRIORITY_FILTER + 1;
  private static final int AFTER_RAW = BaseChain.PRIORITY_RAW + 1;
  private static final int ICMPV6 = 58;

  /**
   * Neighbour discovery (RFC 4861), and the multicast listener messages (RFC 2710, RFC 3810) on
   * which switches deliver it.
   */
  private static final List<Integer> LINK_MESSAGES =
      List.of(130, 131, 132, 133, 134, 135, 136, 143);

  private static final String LINK = "host-link";

  private final NftHosts hosts;
  private final List<Endpoint> endpoints = new ArrayList<>();
  private final Map<String, ChainContent> chains = new LinkedHashMap<>();
  private final Map<String, SetContent> sets = new LinkedHashMap<>();
  private final List<TierChain> tiers = new ArrayList<>();

  private HostPiece(NftHosts hosts) {
    this.hosts = hosts;
    hosts.byInterface().values().stream().distinct().forEach(endpoints::add);
    hosts.others().filter(other -> !endpoints.contains(other)).ifPresent(endpoints::add);
  }

  static HostPiece of(NftHosts hosts) {
    HostPiece piece = new HostPiece(hosts);
    piece.write();
    return piece;
  }

  /** By name. */
  Map<String, ChainContent> chains() {
    return chains;
  }

  /** Of interfaces and failsafe ports, by name. */
  Map<String, SetContent> sets() {
    return sets;
  }

  /** The shared chains that these jump to. */
  List<TierChain> tiers() {
    return tiers;
  }

  private void write() {
    boolean dropsPods = hosts.settings().endpointToHost() == EndpointToHostAction.DROP;
    if (endpoints.isEmpty() && !dropsPods) {
      return;
    }
    add(
        new ChainContent(
            new RegularChain(LINK, "without these no link works"),
            LINK_MESSAGES.stream()
                .map(type -> rule().icmpType(IpFamily.IPV6, type).accept())
                .toList()));
    HostFailsafes failsafes = HostFailsafes.of(hosts.settings());
    if (!endpoints.isEmpty()) {
      failsafes.chains().forEach(this::add);
      failsafes.sets().forEach(set -> sets.put(set.name(), set));
    }
    for (HostStation station : HostStation.values()) {
      endpoints.stream().filter(station::concerns).forEach(each -> add(chain(station, each)));
    }
    writeEarly();
    writeForward();
    writeOwn();
  }

  private void add(ChainContent chain) {
    chains.put(chain.name(), chain);
  }

  private boolean isUsed(HostStation station) {
    return endpoints.stream().anyMatch(station::concerns);
  }

  private void writeEarly() {
    for (HostStation station : List.of(HostStation.UNTRACKED_IN, HostStation.UNTRACKED_OUT)) {
      if (isUsed(station)) {
        Hook hook = station == HostStation.UNTRACKED_IN ? Hook.PREROUTING : Hook.OUTPUT;
        List<Rule> rules = new ArrayList<>();
        rules.add(link());
        rules.addAll(dispatch(station));
        add(base(station.label(), hook, BaseChain.PRIORITY_RAW, rules));
        add(
            base(
                station.label() + "-notrack",
                hook,
                AFTER_RAW,
                List.of(rule().mark(ALLOWED, ALLOWED).notrack())));
      }
    }
    if (isUsed(HostStation.PRE_DNAT)) {
      List<Rule> rules = new ArrayList<>();
      rules.add(established());
      rules.add(link());
      rules.add(rule().mark(ALLOWED, ALLOWED).accept("allowed untracked"));
      rules.addAll(dispatch(HostStation.PRE_DNAT));
      add(base(HostStation.PRE_DNAT.label(), Hook.PREROUTING, BaseChain.PRIORITY_MANGLE, rules));
    }
  }

  private void writeForward() {
    boolean marked = isUsed(HostStation.UNTRACKED_IN) || isUsed(HostStation.PRE_DNAT);
    if (marked || isUsed(HostStation.FORWARD_IN)) {
      List<Rule> rules = new ArrayList<>();
      if (marked) {
        rules.add(allowedBefore());
      }
      rules.add(established());
      rules.addAll(dispatch(HostStation.FORWARD_IN));
      add(base(HostStation.FORWARD_IN.label(), Hook.FORWARD, BEFORE_PODS, rules));
    }
    if (isUsed(HostStation.FORWARD_OUT)) {
      List<Rule> rules = new ArrayList<>();
      rules.add(established());
      rules.addAll(dispatch(HostStation.FORWARD_OUT));
      add(base(HostStation.FORWARD_OUT.label(), Hook.FORWARD, AFTER_PODS, rules));
    }
  }

  private void writeOwn() {
    List<Rule> in = new ArrayList<>();
    if (isUsed(HostStation.UNTRACKED_IN) || isUsed(HostStation.PRE_DNAT)) {
      in.add(allowedBefore());
    }
    in.add(established());
    in.add(link());
    RuleBuilder fromPod = rule().iifname(Layout.ANY_ENDPOINT);
    in.add(
        switch (hosts.settings().endpointToHost()) {
          case ACCEPT, RETURN -> fromPod.accept("of pods their policy alone decides");
          case DROP -> fromPod.counter().drop("defaultEndpointToHostAction");
        });
    in.addAll(dispatch(HostStation.IN));
    add(base("host-input", Hook.INPUT, AFTER_PODS, in));
    if (endpoints.isEmpty()) {
      return;
    }
    List<Rule> out = new ArrayList<>();
    if (isUsed(HostStation.UNTRACKED_OUT)) {
      out.add(allowedBefore());
    }
    out.add(established());
    out.add(link());
    out.add(rule().ctStatusDnat().setMark(TRANSLATED).accept("judged where it leaves"));
    out.addAll(dispatch(HostStation.OUT));
    add(base("host-output", Hook.OUTPUT, BaseChain.PRIORITY_FILTER, out));
    add(new ChainContent(new RegularChain("host-translated", ""), dispatch(HostStation.OUT)));
    add(
        base(
            "host-leaving",
            Hook.POSTROUTING,
            BaseChain.PRIORITY_MANGLE,
            List.of(
                rule()
                    .mark(TRANSLATED, TRANSLATED)
                    .clearMark(TRANSLATED)
                    .goTo("host-translated"))));
  }

  private static Rule established() {
    return rule().ctState(CtState.ESTABLISHED, CtState.RELATED).accept();
  }

  private static Rule link() {
    return rule().nfproto(IpFamily.IPV6).l4proto(ICMPV6).jump(LINK);
  }

  private static Rule allowedBefore() {
    return rule().mark(ALLOWED, ALLOWED).clearMark(ALLOWED).accept("allowed before");
  }

  /** To the chains of the endpoint whose interface it is; puts the map of interfaces in place. */
  private List<Rule> dispatch(HostStation station) {
    List<Element> elements = new ArrayList<>();
    boolean othersConcerned = hosts.others().filter(station::concerns).isPresent();
    hosts
        .byInterface()
        .forEach(
            (name, endpoint) -> {
              if (station.concerns(endpoint)) {
                elements.add(element(name, new Verdict.Goto(name(station, endpoint)), endpoint));
              } else if (othersConcerned) {
                elements.add(element(name, Verdict.ACCEPT, endpoint));
              }
            });
    List<Rule> rules = new ArrayList<>();
    if (!elements.isEmpty()) {
      NftSet map = NftSet.verdictMap(station.label(), KeyType.of(DataType.IFNAME));
      sets.put(map.name(), SetContent.of(map, elements));
      rules.add(
          switch (station) {
            case UNTRACKED_IN, PRE_DNAT, FORWARD_IN, IN -> rule().iifnameVmap(map.name());
            case UNTRACKED_OUT, FORWARD_OUT, OUT -> rule().oifnameVmap(map.name());
          });
    }
    if (othersConcerned) {
      RuleBuilder pods =
          switch (station) {
            case UNTRACKED_IN, PRE_DNAT, FORWARD_IN, IN -> rule().iifname(Layout.ANY_ENDPOINT);
            case UNTRACKED_OUT, FORWARD_OUT, OUT -> rule().oifname(Layout.ANY_ENDPOINT);
          };
      rules.add(pods.accept("pods' interfaces"));
      rules.add(rule().goTo(name(station, hosts.others().orElseThrow()), "all other interfaces"));
    }
    return rules;
  }

  private static Element element(String interfaceName, Verdict verdict, Endpoint endpoint) {
    return Element.of(Bytes.interfaceName(interfaceName), verdict)
        .withComment(Layout.comment(endpoint.name()));
  }

  private static String name(HostStation station, Endpoint endpoint) {
    return station.label() + "-" + ContentHash.of(endpoint.name());
  }

  private ChainContent chain(HostStation station, Endpoint endpoint) {
    String name = name(station, endpoint);
    String comment = Layout.comment("HostEndpoint " + endpoint.name());
    if (!station.decides(endpoint)) {
      return new ChainContent(new RegularChain(name, comment), steps(station, endpoint));
    }
    List<Rule> rules = new ArrayList<>();
    switch (station.stage()) {
      case UNTRACKED -> {
        rules.add(rule().jump(HostFailsafes.untracked(station.direction())));
        rules.add(rule().setMark(ALLOWED).end(""));
      }
      case PRE_DNAT -> {
        rules.add(rule().jump(HostFailsafes.tracked(station.direction())));
        rules.add(rule().setMark(ALLOWED).end(""));
      }
      case FORWARD -> rules.add(invalid());
      case OWN -> {
        rules.add(invalid());
        rules.add(rule().jump(HostFailsafes.tracked(station.direction())));
      }
    }
    rules.addAll(steps(station, endpoint));
    if (station.stage() == HostStage.UNTRACKED || station.stage() == HostStage.PRE_DNAT) {
      rules.add(rule().clearMark(ALLOWED).end("no rule decides"));
    }
    return new ChainContent(new RegularChain(name, comment), rules);
  }

  private static Rule invalid() {
    return rule().ctState(CtState.INVALID).counter().drop();
  }

  private List<Rule> steps(HostStation station, Endpoint endpoint) {
    List<TierStep> steps = endpoint.policy().steps(station.stage(), station.direction());
    List<TierStep> foreseen = endpoint.policy().at(station.stage()).foreseen(station.direction());
    List<Rule> rules = new ArrayList<>(Foresight.rules(foreseen, station.direction(), tiers));
    for (TierStep step : steps) {
      if (!step.chains().isEmpty() || isEndOfTier(step)) {
        TierChain tier = TierChain.of(step, station.direction(), Verdict.ACCEPT, false);
        tiers.add(tier);
        String comment = step.tier().isEmpty() ? "profiles" : Layout.comment("tier " + step.tier());
        rules.add(rule().jump(tier.name(), comment));
      } else if (step.end() instanceof TierStep.End.Deny) {
        rules.add(
            rule()
                .counter()
                .drop(
                    Layout.comment(
                        "HostEndpoint " + endpoint.name() + ": no policy or profile allows it")));
      }
    }
    return rules;
  }

  /** Whether it drops what policies apply to, rather than what none is for. */
  private static boolean isEndOfTier(TierStep step) {
    return step.end() instanceof TierStep.End.Deny(var appliedBy, _) && !appliedBy.isEmpty();
  }

  private static ChainContent base(String name, Hook hook, int priority, List<Rule> rules) {
    return new ChainContent(
        new BaseChain(name, ChainType.FILTER, hook, priority, ChainPolicy.ACCEPT, ""), rules);
  }
}
