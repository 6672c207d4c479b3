package io.ocicat.nft.compile;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.policy.ClusterSnapshot;
import io.ocicat.policy.Flow;
import io.ocicat.policy.PodName;
import io.ocicat.policy.ScenarioWorld;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compiles the scenarios' policies for every node and interprets the tables. */
final class InterpretedWorld extends ScenarioWorld {

  InterpretedWorld() {
    super(addresses());
  }

  private static Map<PodName, List<IpAddress>> addresses() {
    Map<PodName, List<IpAddress>> addresses = new TreeMap<>();
    int number = 1;
    for (PodName pod : podNames()) {
      addresses.put(
          pod, List.of(IpAddress.parse("10.0.0." + number), IpAddress.parse("fd00::" + number)));
      number++;
    }
    return addresses;
  }

  @Override
  protected Set<String> denied(
      ClusterSnapshot cluster, IpFamily family, Flow.Traffic traffic, Set<String> expected) {
    InterpretedCluster nodes = InterpretedCluster.of(cluster);
    Set<String> denied = new TreeSet<>();
    for (PodName from : podNames()) {
      for (PodName to : podNames()) {
        Flow flow = Flow.between(address(from, family), address(to, family), traffic);
        if (!nodes.isAllowed(flow)) {
          denied.add(pair(from, to));
        }
      }
    }
    return denied;
  }
}
