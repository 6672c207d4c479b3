package io.ocicat.policy;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.IcmpMatch;
import io.ocicat.policy.Flow.Traffic;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Takes a packet through compiled steps, as a dataplane must. */
final class CompiledPath {

  private final Map<GroupId, Set<GroupMember>> groups;
  private final IpAddress source;
  private final IpAddress destination;
  private final Traffic traffic;

  CompiledPath(
      Map<GroupId, Set<GroupMember>> groups,
      IpAddress source,
      IpAddress destination,
      Traffic traffic) {
    this.groups = groups;
    this.source = source;
    this.destination = destination;
    this.traffic = traffic;
  }

  boolean allows(List<TierStep> steps) {
    return decides(steps).orElseGet(() -> isOpen(steps));
  }

  private static boolean isOpen(List<TierStep> steps) {
    if (!(steps.getLast().end() instanceof TierStep.End.Allow)) {
      throw new IllegalStateException("no step decides");
    }
    return true;
  }

  /** What rules and ends of tiers decide; empty if they leave it to the end of all. */
  Optional<Boolean> decides(List<TierStep> steps) {
    for (TierStep step : steps) {
      switch (decision(step)) {
        case ALLOW -> {
          return Optional.of(true);
        }
        case DENY -> {
          return Optional.of(false);
        }
        case PASS -> {}
        case NONE -> {
          switch (step.end()) {
            case TierStep.End.Deny _ -> {
              return Optional.of(false);
            }
            case TierStep.End.Allow _, TierStep.End.Next _ -> {}
          }
        }
      }
    }
    return Optional.empty();
  }

  private enum Decision {
    ALLOW,
    DENY,
    PASS,
    NONE
  }

  private Decision decision(TierStep step) {
    for (PolicyChain chain : step.chains()) {
      for (ChainRule rule : chain.rules()) {
        if (matches(rule)) {
          switch (rule.action()) {
            case ALLOW -> {
              return Decision.ALLOW;
            }
            case DENY -> {
              return Decision.DENY;
            }
            case PASS -> {
              return Decision.PASS;
            }
            case LOG -> {}
          }
        }
      }
    }
    return Decision.NONE;
  }

  private int protocol() {
    return switch (traffic) {
      case Traffic.Transport(var protocol, _, _) -> protocol.number();
      case Traffic.Icmp _ -> source.family() == IpFamily.IPV4 ? 1 : 58;
      case Traffic.Other(var number) -> number;
    };
  }

  private boolean matches(ChainRule rule) {
    return rule.families().contains(source.family())
        && (rule.protocols().isEmpty() || rule.protocols().contains(protocol()))
        && !rule.notProtocols().contains(protocol())
        && (rule.icmp() instanceof IcmpMatch.NotGiven || icmp(rule.icmp()))
        && (rule.notIcmp() instanceof IcmpMatch.NotGiven || !icmp(rule.notIcmp()))
        && matches(rule.source(), source, sourcePort())
        && matches(rule.destination(), destination, destinationPort());
  }

  private boolean icmp(IcmpMatch match) {
    return switch (match) {
      case IcmpMatch.NotGiven _ -> true;
      case IcmpMatch.OfType(var type) -> traffic instanceof Traffic.Icmp(var t, _) && t == type;
      case IcmpMatch.OfTypeAndCode(var type, var code) ->
          traffic.equals(new Traffic.Icmp(type, code));
    };
  }

  private int sourcePort() {
    return traffic instanceof Traffic.Transport(_, var port, _) ? port : -1;
  }

  private int destinationPort() {
    return traffic instanceof Traffic.Transport(_, _, var port) ? port : -1;
  }

  private boolean matches(ChainRule.Side side, IpAddress address, int port) {
    return (side.nets().isEmpty() || side.nets().stream().anyMatch(n -> n.contains(address)))
        && side.notNets().stream().noneMatch(net -> net.contains(address))
        && side.in().stream().allMatch(group -> isIn(group, address))
        && side.notIn().stream().noneMatch(group -> isIn(group, address))
        && matches(side.ports(), address, port);
  }

  private boolean isIn(ChainRule.Membership membership, IpAddress address) {
    return groups.getOrDefault(membership.group(), Set.of()).stream()
        .filter(member -> member.net().isHost() || membership.mayHoldRanges())
        .anyMatch(member -> member.net().contains(address));
  }

  private boolean matches(ChainRule.Ports ports, IpAddress address, int port) {
    boolean wanted =
        !ports.isRestricted()
            || isOne(ports.ranges(), port)
            || (ports.groups().stream().anyMatch(group -> isIn(group, address, port))
                && (ports.within().isEmpty() || isOne(ports.within(), port)));
    return wanted
        && !isOne(ports.not(), port)
        && ports.notIn().stream().noneMatch(group -> isIn(group, address, port));
  }

  private boolean isIn(GroupId group, IpAddress address, int port) {
    return port >= 0
        && groups
            .getOrDefault(group, Set.of())
            .contains(new GroupMember(address.toHostCidr(), protocol(), port));
  }

  private boolean isOne(List<PortMatch.Range> ranges, int port) {
    return port >= 0
        && ranges.stream()
            .anyMatch(
                range ->
                    range.protocol().number() == protocol()
                        && range.first() <= port
                        && port <= range.last());
  }
}
