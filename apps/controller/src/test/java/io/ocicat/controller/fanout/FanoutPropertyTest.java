package io.ocicat.controller.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.controller.Documents;
import io.ocicat.controller.index.ClusterIndex;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.BlockAffinity;
import io.ocicat.model.Kinds;
import io.ocicat.model.Metadata;
import io.ocicat.model.NetworkPolicy;
import io.ocicat.model.WorkloadEndpoint;
import io.ocicat.policy.PolicyCompiler;
import io.ocicat.policy.PolicySpecs;
import io.ocicat.selector.Labels;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Snapshot;
import io.ocicat.store.Watch;
import io.ocicat.store.WatchEvent;
import io.ocicat.store.WatchResult;
import io.ocicat.store.memory.MemoryStore;
import io.ocicat.testkit.Gen;
import io.ocicat.testkit.Property;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** After any history an agent holds what a fresh one would, which is what plain loops compute. */
class FanoutPropertyTest {

  private static final List<String> NODES = List.of("n1", "n2");
  private static final List<String> SPACES = List.of("red", "blue");
  private static final List<String> LABELS = List.of("\"app\":\"a\"", "\"app\":\"b\"", "");
  private static final List<String> PEERS =
      List.of(
          "{\"podSelector\":{\"matchLabels\":{\"app\":\"a\"}}}",
          "{\"namespaceSelector\":{\"matchLabels\":{\"app\":\"a\"}}}",
          "{\"namespaceSelector\":{},\"podSelector\":{\"matchLabels\":{\"app\":\"b\"}}}");

  private record Step(int action, int a, int b, int c) {}

  private static final Gen<Step> STEP =
      draws -> new Step(draws.below(14), draws.below(6), draws.below(6), draws.below(6));

  @Test
  void everyAgentEndsWithWhatPlainLoopsCompute() {
    Property.cases(300)
        .check(
            STEP.list(0, 60),
            steps -> {
              try (World world = new World(1 << 16)) {
                steps.forEach(world::take);
                world.settle();
                world.check();
              }
            });
  }

  @Test
  void soItIsWhenTheLogHardlyReachesBack() {
    Property.cases(300)
        .check(
            STEP.list(0, 60),
            steps -> {
              try (World world = new World(3)) {
                steps.forEach(world::take);
                world.settle();
                world.check();
              }
            });
  }

  /** A store, the index and fan-out on it, and three agents, two of them of the first node. */
  private static final class World implements AutoCloseable {

    private final MemoryStore store = new MemoryStore();
    private final ClusterIndex index = new ClusterIndex();
    private final Watch watch;
    private final Fanout fanout;
    private final List<SimulatedAgent> agents = new ArrayList<>();
    private final List<String> groups = new ArrayList<>();

    World(int logCapacity) {
      Snapshot start = store.snapshot(ClusterIndex.SELECTION);
      watch = store.watch(ClusterIndex.SELECTION, start.revision());
      fanout = new Fanout("epoch", index, start.revision(), logCapacity);
      NODES.forEach(node -> agents.add(new SimulatedAgent(node)));
      for (String space : SPACES) {
        for (String peer : PEERS) {
          PolicyCompiler.groupsOf(
                  PolicySpecs.from(NetworkPolicy.read(Documents.policy(space, "p", peer, ""))))
              .forEach(group -> groups.add(group.id().value()));
        }
      }
    }

    void take(Step step) {
      String space = SPACES.get(step.a % 2);
      SimulatedAgent agent = agents.get(step.a % 2);
      String group = groups.get((step.b * 6 + step.c) % groups.size());
      switch (step.action) {
        case 0 ->
            Documents.put(
                store,
                Documents.namespaceKey(space),
                Documents.namespace(space, LABELS.get(step.b % 3)));
        case 1 -> Documents.delete(store, Documents.namespaceKey(space));
        case 2, 3 -> putPod(space, step);
        case 4 -> Documents.delete(store, Documents.podKey(space, "pod-" + step.b % 3));
        case 5 ->
            Documents.put(
                store,
                Documents.policyKey(space, "policy-" + step.b % 2),
                Documents.policy(space, "policy-" + step.b % 2, PEERS.get(step.c % 3), ""));
        case 6 -> Documents.delete(store, Documents.policyKey(space, "policy-" + step.b % 2));
        case 7 -> report(space, step);
        case 8 -> lease(step);
        case 9 -> poolOrNode(step);
        case 10 -> toggle(agent);
        case 11 -> agent.slow(fanout, step.b % 2 == 0);
        case 12 -> {
          if (agent.wanted().contains(group)) {
            agent.unsubscribe(fanout, group);
          } else {
            agent.subscribe(fanout, group);
          }
        }
        case 13 -> {
          flush();
          agents.forEach(SimulatedAgent::deliver);
        }
        default -> throw new IllegalStateException("no action " + step.action);
      }
    }

    private void toggle(SimulatedAgent agent) {
      if (agent.connected()) {
        agent.lose(fanout);
      } else {
        agent.connect(fanout);
      }
    }

    private void putPod(String space, Step step) {
      String name = "pod-" + step.b % 3;
      String spec = step.c == 5 ? ",\"hostNetwork\":true" : "";
      String status =
          step.c == 4
              ? ",\"phase\":\"Succeeded\""
              : ",\"podIPs\":[{\"ip\":\"10.0.%d.%d\"}]".formatted(step.b, step.c);
      Documents.put(
          store,
          Documents.podKey(space, name),
          Documents.pod(space, name, NODES.get(step.c % 2), LABELS.get(step.b % 3), spec, status));
    }

    private void report(String space, Step step) {
      WorkloadEndpoint.Workload workload =
          new WorkloadEndpoint.Workload(
              "k8s", NODES.get(step.c % 2), "pod-" + step.b % 4, "container", "eth0", "");
      WorkloadEndpoint report =
          new WorkloadEndpoint(
              Metadata.of(space, WorkloadEndpoint.nameFor(workload))
                  .withLabels(Labels.of("app", step.a % 3 == 0 ? "a" : "b")),
              workload,
              List.of(IpAddress.parse("10.1.%d.%d".formatted(step.b, step.c)).toHostCidr()),
              "oci",
              "",
              List.of());
      ResourceKey key = new ResourceKey(Kinds.WORKLOAD_ENDPOINT.name(), space, report.name());
      if (step.a > 3) {
        Documents.delete(store, key);
      } else {
        Documents.put(store, key, report.document());
      }
    }

    private void lease(Step step) {
      Cidr block = Cidr.parse("10.%d.%d.0/26".formatted(step.a % 2, step.b));
      BlockAffinity lease = BlockAffinity.of(NODES.get(step.c % 2), block);
      ResourceKey key = ResourceKey.ofCluster(Kinds.BLOCK_AFFINITY.name(), lease.name());
      if (step.c > 3) {
        Documents.delete(store, key);
      } else {
        Documents.put(store, key, lease.document());
      }
    }

    private void poolOrNode(Step step) {
      String node = NODES.get(step.b % 2);
      switch (step.a) {
        case 0, 1 ->
            Documents.put(
                store,
                Documents.poolKey("pool-" + step.a),
                Documents.pool("pool-" + step.a, "10.%d.0.0/16".formatted(step.a), ""));
        case 2 -> Documents.delete(store, Documents.poolKey("pool-" + step.b % 2));
        case 3, 4 ->
            Documents.put(
                store, Documents.nodeKey(node), Documents.node(node, "", "192.0.2." + step.c));
        case 5 -> Documents.delete(store, Documents.nodeKey(node));
        default -> throw new IllegalStateException("no such choice " + step.a);
      }
    }

    private void flush() {
      try {
        while (watch.next(Duration.ZERO) instanceof WatchResult.Events(var events, var to)) {
          for (WatchEvent event : events) {
            switch (event) {
              case WatchEvent.Added(var object) -> index.put(object);
              case WatchEvent.Modified(var object, _) -> index.put(object);
              case WatchEvent.Deleted(var object) -> index.remove(object.key());
            }
          }
          fanout.flush(to);
          if (events.isEmpty()) {
            break;
          }
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException("a look is not interrupted", e);
      }
    }

    void settle() {
      flush();
      for (SimulatedAgent agent : agents) {
        agent.slow(fanout, false);
        if (!agent.connected()) {
          agent.connect(fanout);
        }
      }
      fanout.markers();
      agents.forEach(
          agent -> {
            while (agent.deliver()) {
              // until nothing is under way
            }
          });
    }

    void check() {
      NaiveCluster naive = new NaiveCluster(store);
      for (SimulatedAgent agent : agents) {
        SimulatedAgent fresh = new SimulatedAgent(agent.node);
        fresh.wanted().addAll(agent.wanted());
        agent.lose(fanout);
        fresh.connect(fanout);
        assertThat(fresh.deliver()).isTrue();
        Map<?, ?> expected = naive.table(agent.node, agent.wanted());
        assertThat(fresh.table().items()).as("fresh agent of %s", agent.node).isEqualTo(expected);
        assertThat(agent.table().items()).as("agent of %s", agent.node).isEqualTo(expected);
        assertThat(agent.table().generation()).isEqualTo(store.currentRevision());
      }
    }

    @Override
    public void close() {
      watch.close();
      store.close();
    }
  }
}
