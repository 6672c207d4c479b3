package io.ocicat.bench;

import io.ocicat.policy.GroupIndex;
import java.lang.management.ManagementFactory;

/** What a controller's index holds in memory. */
record PolicyMemory(double bytesPerEndpoint, double bytesPerPolicy) {

  static PolicyMemory measure(PolicyWorld world) {
    GroupIndex index = new GroupIndex();
    for (int i = 0; i < world.namespaces(); i++) {
      index.upsertNamespace(PolicyWorld.namespace(i), PolicyWorld.namespaceLabels(i));
    }
    long before = heap();
    for (int i = 0; i < world.pods(); i++) {
      index.upsertPod(world.pod(i));
    }
    long withPods = heap();
    for (int i = 0; i < world.policies(); i++) {
      index.upsertPolicy(world.policy(i));
    }
    index.drain();
    long withPolicies = heap();
    if (index.groups().isEmpty()) {
      throw new IllegalStateException("policies without groups");
    }
    return new PolicyMemory(
        (withPods - before) / (double) world.pods(),
        (withPolicies - withPods) / (double) world.policies());
  }

  private static long heap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
