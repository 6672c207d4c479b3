package io.ocicat.bench;

import io.ocicat.libc.NetNamespace;
import io.ocicat.nft.NftOutcome;
import io.ocicat.nft.NftReconciler;
import io.ocicat.nft.Unknown;
import io.ocicat.nft.compile.NftEndpoint;
import io.ocicat.nft.compile.NodeTable;
import io.ocicat.nftables.NftConnection;
import io.ocicat.plan.PodLink;
import io.ocicat.policy.EndpointPolicy;
import io.ocicat.policy.GroupDelta;
import io.ocicat.policy.GroupId;
import io.ocicat.policy.GroupIndex;
import io.ocicat.policy.PolicyIndex;
import io.ocicat.policy.PolicyPod;
import io.ocicat.policy.PolicySpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.IntConsumer;

/**
 * A controller's index of a cluster, and one node of it with its pods, whose policies are in the
 * kernel: what changes cost in both, without what carries them from one to the other.
 */
final class PolicyCalculation implements AutoCloseable {

  /**
   * What one kind of change cost.
   *
   * @param index in the controller's index
   * @param node on the node, until the kernel enforces it
   */
  record Cost(String change, Distribution index, Distribution node) {

    static Cost together(List<Cost> costs) {
      return new Cost(
          costs.getFirst().change(),
          Distribution.together(costs.stream().map(Cost::index).toList()),
          Distribution.together(costs.stream().map(Cost::node).toList()));
    }
  }

  /** Pods of the node, of all namespaces in turn. */
  private static final int LOCAL_PODS = 110;

  /** Policies of a pod that has very many. */
  private static final int CROWD = 100;

  private final PolicyWorld world;
  private final GroupIndex index = new GroupIndex();
  private final PolicyIndex policies = new PolicyIndex();
  private final NodeTable table = new NodeTable();
  private final Map<PolicyPod, EndpointPolicy> local = new HashMap<>();
  private final Set<GroupId> subscribed = new HashSet<>();
  private final NetNamespace namespace = NetNamespace.create();
  private final NftConnection nftables = namespace.call(NftConnection::open);
  private final NftReconciler reconciler = new NftReconciler(nftables);

  PolicyCalculation(PolicyWorld world) {
    this.world = world;
  }

  /** Everything from nothing: how long the index takes, and then the node. */
  Cost firstSync() {
    long start = System.nanoTime();
    for (int i = 0; i < world.namespaces(); i++) {
      index.upsertNamespace(PolicyWorld.namespace(i), PolicyWorld.namespaceLabels(i));
    }
    for (int i = 0; i < world.pods(); i++) {
      index.upsertPod(world.pod(i));
    }
    for (int i = 0; i < world.policies(); i++) {
      index.upsertPolicy(world.policy(i));
    }
    index.drain();
    long middle = System.nanoTime();
    for (int i = 0; i < world.namespaces(); i++) {
      policies.upsertNamespace(PolicyWorld.namespace(i), PolicyWorld.namespaceLabels(i));
    }
    for (int i = 0; i < world.policies(); i++) {
      policies.upsert(world.policy(i));
    }
    for (int i = 0; i < LOCAL_PODS; i++) {
      program(guarded(i));
    }
    apply();
    long end = System.nanoTime();
    return new Cost(
        "first sync",
        Distribution.of(new long[] {middle - start}, middle - start),
        Distribution.of(new long[] {end - middle}, end - middle));
  }

  private void program(PolicyPod pod) {
    EndpointPolicy policy = policies.endpointPolicy(pod);
    if (policy.equals(local.put(pod, policy))) {
      return;
    }
    for (GroupId group : policy.requiredGroups()) {
      if (subscribed.add(group)) {
        table.setGroup(group, index.members(group));
      }
    }
    table.put(
        new NftEndpoint(
            PodLink.hostInterface(pod.name().toString(), "eth0"),
            pod.name(),
            pod.addresses(),
            policy));
  }

  private void apply() {
    NftOutcome outcome = reconciler.apply(table.snapshot(), Unknown.REMOVE);
    if (!(outcome instanceof NftOutcome.InForce)) {
      throw new IllegalStateException("the kernel refused the table: " + outcome);
    }
  }

  private Cost measure(String change, int count, IntConsumer work, IntConsumer onNode) {
    long[] inIndex = new long[count];
    long[] inNode = new long[count];
    for (int i = 0; i < count; i++) {
      long start = System.nanoTime();
      work.accept(i);
      SortedMap<GroupId, GroupDelta> deltas = index.drain();
      long middle = System.nanoTime();
      deltas.forEach(
          (group, delta) -> {
            if (subscribed.contains(group)) {
              table.changeGroup(group, delta);
            }
          });
      onNode.accept(i);
      apply();
      inIndex[i] = middle - start;
      inNode[i] = System.nanoTime() - middle;
    }
    return new Cost(change, Distribution.of(inIndex), Distribution.of(inNode));
  }

  /**
   * @param count how often each, but for the relabelling of a thousand pods, which is done a tenth
   *     as often
   */
  List<Cost> changes(int count) {
    List<Cost> costs = new ArrayList<>();
    costs.add(
        measure(
            "one pod's label",
            count,
            i -> index.upsertPod(PolicyWorld.pod(pod(i), i + 1)),
            _ -> {}));
    costs.add(
        measure("a pod goes", count, i -> index.removePod(world.pod(pod(i)).name()), _ -> {}));
    costs.add(measure("a pod comes", count, i -> index.upsertPod(world.pod(pod(i))), _ -> {}));
    costs.add(
        measure(
            "a namespace's label, 1,000 pods",
            Math.max(1, count / 10),
            i ->
                index.upsertNamespace(PolicyWorld.namespace(0), PolicyWorld.namespaceLabels(i + 1)),
            _ -> {}));
    costs.addAll(comingAndGoing(count, ""));
    PolicyPod guarded = guarded(0);
    for (int i = 0; i < CROWD; i++) {
      add(guarded, -1 - i);
    }
    index.drain();
    program(guarded);
    apply();
    costs.addAll(comingAndGoing(count, ", on pods of %d".formatted(CROWD)));
    return costs;
  }

  /** Of a policy for all pods of an application in a namespace, of which the node has one. */
  private List<Cost> comingAndGoing(int count, String where) {
    List<Cost> comes = new ArrayList<>();
    List<Cost> goes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      PolicyPod guarded = guarded(where.isEmpty() ? i : 0);
      PolicySpec added = added(guarded, i);
      comes.add(
          measure(
              "a policy comes" + where,
              1,
              _ -> index.upsertPolicy(added),
              _ -> {
                policies.upsert(added);
                program(guarded);
              }));
      goes.add(
          measure(
              "a policy goes" + where,
              1,
              _ -> index.removePolicy(added.name()),
              _ -> {
                policies.remove(added.name());
                program(guarded);
              }));
    }
    return List.of(Cost.together(comes), Cost.together(goes));
  }

  private void add(PolicyPod guarded, int number) {
    PolicySpec added = added(guarded, number);
    index.upsertPolicy(added);
    policies.upsert(added);
  }

  private PolicyPod guarded(int change) {
    return world.pod(change % LOCAL_PODS * localStep());
  }

  private int localStep() {
    return Math.max(1, world.pods() / LOCAL_PODS);
  }

  /** All over the cluster, the big namespace included. */
  private int pod(int change) {
    return (int) ((long) change * 7919 % world.pods());
  }

  private static PolicySpec added(PolicyPod guarded, int index) {
    String application = guarded.labels().value("app").orElseThrow().substring("app-".length());
    return PolicyWorld.policy(
        guarded.name().namespace(),
        "added-" + index,
        Integer.parseInt(application),
        Math.abs(index));
  }

  @Override
  public void close() {
    nftables.close();
    namespace.close();
  }
}
