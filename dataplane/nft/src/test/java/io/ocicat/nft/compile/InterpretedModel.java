package io.ocicat.nft.compile;

import io.ocicat.inet.IpAddress;
import io.ocicat.policy.ClusterSnapshot;
import io.ocicat.policy.ModelWorld;
import io.ocicat.policy.PodName;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Compiles the cases' policies for every node and interprets the tables. */
final class InterpretedModel extends ModelWorld {

  InterpretedModel() {
    super(addresses());
  }

  private static Map<PodName, List<IpAddress>> addresses() {
    Map<PodName, List<IpAddress>> addresses = new TreeMap<>();
    int number = 1;
    for (PodName pod : PODS.keySet()) {
      addresses.put(
          pod, List.of(IpAddress.parse("10.0.0." + number), IpAddress.parse("fd00::" + number)));
      number++;
    }
    return addresses;
  }

  @Override
  protected Set<Try> denied(ClusterSnapshot cluster, List<Try> tries) {
    InterpretedCluster nodes = InterpretedCluster.of(cluster);
    Set<Try> denied = new HashSet<>();
    for (Try attempt : tries) {
      if (!nodes.isAllowed(flow(attempt))) {
        denied.add(attempt);
      }
    }
    return denied;
  }
}
