package io.ocicat.controller.index;

import io.ocicat.inet.IpAddress;
import io.ocicat.model.EndpointSlice;
import io.ocicat.policy.GroupIndex;
import io.ocicat.policy.GroupMember;
import io.ocicat.policy.ServiceName;
import java.util.HashSet;
import java.util.Set;

/**
 * What rules that name a service mean: all endpoints of its slices. Also those that are not ready,
 * for a connection to one of them is still one to the service.
 */
final class Slices {

  private Slices() {}

  static void put(GroupIndex groups, EndpointSlice slice) {
    if (slice.service().isEmpty()) {
      remove(groups, slice.namespace(), slice.name());
      return;
    }
    Set<GroupMember> members = new HashSet<>();
    for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
      for (IpAddress address : endpoint.addresses()) {
        members.add(GroupMember.of(address));
        for (EndpointSlice.Port port : slice.ports()) {
          members.add(GroupMember.of(address, port.protocol(), port.port()));
        }
      }
    }
    groups.upsertSlice(
        id(slice.namespace(), slice.name()),
        new ServiceName(slice.namespace(), slice.service()),
        members);
  }

  static void remove(GroupIndex groups, String namespace, String name) {
    groups.removeSlice(id(namespace, name));
  }

  private static String id(String namespace, String name) {
    return namespace + "/" + name;
  }
}
