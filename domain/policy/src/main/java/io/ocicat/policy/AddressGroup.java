package io.ocicat.policy;

import io.ocicat.inet.Cidr;
import io.ocicat.model.Protocol;
import io.ocicat.selector.ContentHash;
import io.ocicat.selector.Selector;
import java.util.HashSet;
import java.util.Set;

/**
 * Addresses that rules mean by one phrase, evaluated once for the cluster by the controller and
 * shared by all rules, of whatever policy, that mean the same.
 */
public sealed interface AddressGroup {

  /** Those of endpoints and network sets; selectors are about effective labels. */
  sealed interface Selected extends AddressGroup {

    Selector selector();

    /** What {@code subject} adds to the members, given that it is selected. */
    default Set<GroupMember> membersOf(Subject subject) {
      Set<GroupMember> members = new HashSet<>();
      for (Cidr net : subject.nets()) {
        switch (this) {
          case Addresses _ -> members.add(GroupMember.of(net));
          case Ports(_, var protocol, var portName) -> {
            for (NamedPort port : subject.ports()) {
              if (port.protocol() == protocol && port.name().equals(portName)) {
                members.add(GroupMember.of(net.address(), protocol, port.number()));
              }
            }
          }
        }
      }
      return members;
    }
  }

  /** Members are addresses and ranges. */
  record Addresses(Selector selector) implements Selected {}

  /** Ports by name: members are address, protocol and number. */
  record Ports(Selector selector, Protocol protocol, String portName) implements Selected {}

  /** Those of a Service's endpoints. */
  sealed interface OfService extends AddressGroup {

    ServiceName service();
  }

  /** Members are addresses. */
  record ServiceAddresses(ServiceName service) implements OfService {}

  /** Members are address, protocol and number. */
  record ServicePorts(ServiceName service) implements OfService {}

  /** Text that is equal for equal groups; the same on controller and node. */
  default String canonical() {
    return switch (this) {
      case Addresses(var selector) -> "addresses " + selector.canonical();
      case Ports(var selector, var protocol, var portName) ->
          "port %s %s of %s".formatted(protocol, portName, selector.canonical());
      case ServiceAddresses(var service) -> "addresses of service " + service;
      case ServicePorts(var service) -> "ports of service " + service;
    };
  }

  default GroupId id() {
    return new GroupId(ContentHash.of(canonical()));
  }
}
