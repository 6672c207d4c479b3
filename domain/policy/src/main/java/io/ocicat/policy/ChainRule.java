package io.ocicat.policy;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.CalicoRule.Action;
import io.ocicat.model.IcmpMatch;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A rule of a {@link PolicyChain}. All that it asks for has to hold.
 *
 * @param path of the rule that it comes from, in its policy
 * @param protocols IANA numbers, of which it is one; empty for any, and where ports say which
 * @param notProtocols of which it is none
 */
public record ChainRule(
    String path,
    Action action,
    List<IpFamily> families,
    List<Integer> protocols,
    List<Integer> notProtocols,
    IcmpMatch icmp,
    IcmpMatch notIcmp,
    Side source,
    Side destination) {

  public ChainRule {
    families = List.copyOf(families);
    protocols = List.copyOf(protocols);
    notProtocols = List.copyOf(notProtocols);
  }

  /**
   * What it asks of one end.
   *
   * @param nets the address is in one of these; empty for any
   * @param notNets and in none of these
   * @param in the address is in all of these groups
   * @param notIn and in none of these
   */
  public record Side(
      List<Cidr> nets,
      List<Cidr> notNets,
      List<Membership> in,
      List<Membership> notIn,
      Ports ports) {

    public static final Side ANYTHING =
        new Side(List.of(), List.of(), List.of(), List.of(), Ports.ANY);

    public Side {
      nets = List.copyOf(nets);
      notNets = List.copyOf(notNets);
      in = List.copyOf(in);
      notIn = List.copyOf(notIn);
    }

    /** Whether it asks nothing of the address. */
    public boolean isAnyAddress() {
      return nets.isEmpty() && notNets.isEmpty() && in.isEmpty() && notIn.isEmpty();
    }
  }

  /**
   * A group of addresses to look in.
   *
   * @param mayHoldRanges whether it can have members that are more than one address
   */
  public record Membership(GroupId group, boolean mayHoldRanges) {}

  /**
   * What it asks of the port of one end: it is one of {@code ranges}, or, with the address and the
   * protocol, in one of {@code groups}; either is empty only if both are, and then any port will
   * do.
   *
   * @param ranges ascending by protocol and number, disjoint and not adjacent
   * @param within to be found in one of {@code groups} it must also be one of these; empty for any
   * @param not it is none of these, each a single port
   * @param notIn with address and protocol it is in none of these groups
   */
  public record Ports(
      List<PortMatch.Range> ranges,
      List<GroupId> groups,
      List<PortMatch.Range> within,
      List<PortMatch.Range> not,
      List<GroupId> notIn) {

    public static final Ports ANY =
        new Ports(List.of(), List.of(), List.of(), List.of(), List.of());

    public Ports {
      ranges = List.copyOf(ranges);
      groups = List.copyOf(groups);
      within = List.copyOf(within);
      not = List.copyOf(not);
      notIn = List.copyOf(notIn);
    }

    /** Whether only certain ports will do. */
    public boolean isRestricted() {
      return !ranges.isEmpty() || !groups.isEmpty();
    }
  }

  Set<GroupId> requiredGroups() {
    Set<GroupId> groups = new TreeSet<>();
    for (Side side : List.of(source, destination)) {
      side.in.forEach(each -> groups.add(each.group()));
      side.notIn.forEach(each -> groups.add(each.group()));
      groups.addAll(side.ports.groups);
      groups.addAll(side.ports.notIn);
    }
    return groups;
  }
}
