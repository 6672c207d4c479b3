package io.ocicat.controller.index;

import io.ocicat.controller.AddressBook;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.Kinds;
import io.ocicat.model.Node;
import io.ocicat.model.WorkloadEndpoint;
import io.ocicat.store.ResourceKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who has which address. The latest report counts. */
final class Owners implements AddressBook {

  private record Entry(ResourceKey key, Owner owner) {}

  private final Map<IpAddress, Entry> byAddress = new HashMap<>();
  private final Map<ResourceKey, List<IpAddress>> addresses = new HashMap<>();

  void put(ResourceKey key, WorkloadEndpoint report) {
    String pod = report.workload().pod();
    put(
        key,
        new Owner.OfPod(report.namespace(), pod.isEmpty() ? report.workload().containerId() : pod),
        report.addresses().stream().filter(Cidr::isHost).map(Cidr::address).toList());
  }

  void putNode(Node node) {
    put(
        ResourceKey.ofCluster(Kinds.NODE.name(), node.name()),
        new Owner.OfNode(node.name()),
        node.internalAddresses());
  }

  private void put(ResourceKey key, Owner owner, List<IpAddress> held) {
    remove(key);
    addresses.put(key, held);
    held.forEach(address -> byAddress.put(address, new Entry(key, owner)));
  }

  void remove(ResourceKey key) {
    List<IpAddress> held = addresses.remove(key);
    if (held != null) {
      for (IpAddress address : held) {
        byAddress.computeIfPresent(address, (_, entry) -> entry.key().equals(key) ? null : entry);
      }
    }
  }

  @Override
  public Optional<Owner> owner(IpAddress address) {
    return Optional.ofNullable(byAddress.get(address)).map(Entry::owner);
  }
}
