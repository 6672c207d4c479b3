package io.ocicat.nft.compile;

import static io.ocicat.nftables.RuleBuilder.rule;

import io.ocicat.inet.Cidr;
import io.ocicat.model.FelixConfiguration.FailsafePort;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.nftables.Bytes;
import io.ocicat.nftables.Chain.RegularChain;
import io.ocicat.nftables.ChainContent;
import io.ocicat.nftables.DataType;
import io.ocicat.nftables.Element;
import io.ocicat.nftables.KeyType;
import io.ocicat.nftables.NftSet;
import io.ocicat.nftables.PortRange;
import io.ocicat.nftables.Rule;
import io.ocicat.nftables.RuleBuilder;
import io.ocicat.nftables.SetContent;
import io.ocicat.policy.HostSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * The ports that no policy of a host endpoint closes. Where connections are not known yet the
 * answers to what goes to such ports are let through as well, or a half of a connection could end
 * up untracked.
 */
record HostFailsafes(List<ChainContent> chains, List<SetContent> sets) {

  private static final KeyType PORTS = KeyType.of(DataType.INET_PROTO, DataType.INET_SERVICE);

  /** Which end of a packet the failsafe port is at. */
  private enum At {
    SOURCE,
    DESTINATION
  }

  static HostFailsafes of(HostSettings settings) {
    List<ChainContent> chains = new ArrayList<>();
    List<SetContent> sets = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      sets.add(set(direction, ports(settings, direction)));
      List<Rule> rules = rules(settings, direction, direction, At.DESTINATION);
      chains.add(chain(tracked(direction), rules));
      List<Rule> untracked = new ArrayList<>(rules);
      untracked.addAll(rules(settings, direction, opposite(direction), At.SOURCE));
      chains.add(chain(untracked(direction), untracked));
    }
    return new HostFailsafes(chains, sets);
  }

  /** The chain for packets of known connections. */
  static String tracked(Direction direction) {
    return "host-failsafe-" + word(direction);
  }

  /** The chain for packets before their connection is known. */
  static String untracked(Direction direction) {
    return "host-failsafe-untracked-" + word(direction);
  }

  private static String word(Direction direction) {
    return switch (direction) {
      case INGRESS -> "in";
      case EGRESS -> "out";
    };
  }

  private static Direction opposite(Direction direction) {
    return switch (direction) {
      case INGRESS -> Direction.EGRESS;
      case EGRESS -> Direction.INGRESS;
    };
  }

  private static ChainContent chain(String name, List<Rule> rules) {
    return new ChainContent(new RegularChain(name, ""), rules);
  }

  private static List<FailsafePort> ports(HostSettings settings, Direction direction) {
    return switch (direction) {
      case INGRESS -> settings.failsafeInbound();
      case EGRESS -> settings.failsafeOutbound();
    };
  }

  private static SetContent set(Direction direction, List<FailsafePort> ports) {
    return SetContent.of(
        NftSet.of(tracked(direction), PORTS),
        ports.stream()
            .filter(port -> port.net().isEmpty())
            .map(
                port ->
                    Element.of(
                        PORTS.key(Bytes.u8(port.protocol().number()), Bytes.u16(port.port()))))
            .distinct()
            .toList());
  }

  /**
   * The rules for packets of a direction.
   *
   * @param list the direction of connections whose failsafe ports they are about
   */
  private static List<Rule> rules(
      HostSettings settings, Direction direction, Direction list, At at) {
    List<Rule> rules = new ArrayList<>();
    rules.add(
        switch (at) {
          case SOURCE -> rule().protocolAndSportIn(tracked(list)).accept();
          case DESTINATION -> rule().protocolAndDportIn(tracked(list)).accept();
        });
    for (FailsafePort port : ports(settings, list)) {
      if (port.net().isPresent()) {
        RuleBuilder builder = other(direction, port.net().get());
        int protocol = port.protocol().number();
        PortRange number = new PortRange(port.port(), port.port());
        rules.add(
            switch (at) {
              case SOURCE -> builder.sport(protocol, number).accept();
              case DESTINATION -> builder.dport(protocol, number).accept();
            });
      }
    }
    return rules;
  }

  private static RuleBuilder other(Direction direction, Cidr net) {
    return switch (direction) {
      case INGRESS -> rule().saddr(net);
      case EGRESS -> rule().daddr(net);
    };
  }
}
