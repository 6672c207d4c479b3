package io.ocicat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.selector.Labels;
import io.ocicat.testkit.Gen;
import io.ocicat.testkit.Property;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class GroupIndexPropertyTest {

  private sealed interface Change {
    record UpsertNamespace(String name, Labels labels) implements Change {}

    record RemoveNamespace(String name) implements Change {}

    record UpsertPod(PolicyPod pod) implements Change {}

    record RemovePod(PodName name) implements Change {}

    record UpsertPolicy(PolicySpec policy) implements Change {}

    record RemovePolicy(PolicyName name) implements Change {}

    record Drain() implements Change {}
  }

  private static final Gen<Change> CHANGE =
      draws ->
          switch (draws.below(12)) {
            case 0, 1, 2 -> new Change.UpsertPod(Clusters.POD.next(draws));
            case 3, 4, 5 -> new Change.UpsertPolicy(Clusters.POLICY.next(draws));
            case 6, 7 ->
                new Change.UpsertNamespace(
                    Clusters.NAMESPACE.next(draws), Clusters.LABELS.next(draws));
            case 8 -> new Change.RemovePod(Clusters.POD.next(draws).name());
            case 9 -> new Change.RemovePolicy(Clusters.POLICY.next(draws).name());
            case 10 -> new Change.RemoveNamespace(Clusters.NAMESPACE.next(draws));
            default -> new Change.Drain();
          };

  /** The same state, kept without any index. */
  private static final class Naive {
    final Map<String, Labels> namespaces = new TreeMap<>();
    final Map<PodName, PolicyPod> pods = new TreeMap<>();
    final Map<PolicyName, PolicySpec> policies = new TreeMap<>();

    Map<GroupId, Set<GroupMember>> groups() {
      return Clusters.groups(
          new ClusterSnapshot(
              namespaces, List.copyOf(pods.values()), List.copyOf(policies.values())));
    }
  }

  @Test
  void membersAreThoseOfRecomputationAfterEveryChange() {
    Property.cases(200)
        .check(
            CHANGE.list(1, 40),
            changes -> {
              GroupIndex index = new GroupIndex();
              Naive naive = new Naive();
              Map<GroupId, Set<GroupMember>> followed = new TreeMap<>();
              for (Change change : changes) {
                apply(change, index, naive);
                Map<GroupId, Set<GroupMember>> expected = naive.groups();
                assertThat(index.groups()).isEqualTo(expected.keySet());
                expected.forEach(
                    (id, members) -> assertThat(index.members(id)).as("%s", id).isEqualTo(members));
                if (change instanceof Change.Drain) {
                  follow(followed, index.drain());
                  expected.values().removeIf(Set::isEmpty);
                  assertThat(followed).isEqualTo(expected);
                }
              }
            });
  }

  @Test
  void whatIsDoneAndUndoneLeavesNoTrace() {
    Property.cases(100)
        .check(
            CHANGE.list(1, 20),
            changes -> {
              GroupIndex index = new GroupIndex();
              Naive naive = new Naive();
              changes.forEach(change -> apply(change, index, naive));
              index.drain();
              naive.pods.keySet().forEach(index::removePod);
              naive.pods.values().forEach(index::upsertPod);
              naive.policies.keySet().forEach(index::removePolicy);
              naive.policies.values().forEach(index::upsertPolicy);
              assertThat(index.drain()).isEmpty();
            });
  }

  private static void apply(Change change, GroupIndex index, Naive naive) {
    switch (change) {
      case Change.UpsertNamespace(var name, var labels) -> {
        index.upsertNamespace(name, labels);
        naive.namespaces.put(name, labels);
      }
      case Change.RemoveNamespace(var name) -> {
        index.removeNamespace(name);
        naive.namespaces.remove(name);
      }
      case Change.UpsertPod(var pod) -> {
        index.upsertPod(pod);
        naive.pods.put(pod.name(), pod);
      }
      case Change.RemovePod(var name) -> {
        index.removePod(name);
        naive.pods.remove(name);
      }
      case Change.UpsertPolicy(var policy) -> {
        index.upsertPolicy(policy);
        naive.policies.put(policy.name(), policy);
      }
      case Change.RemovePolicy(var name) -> {
        index.removePolicy(name);
        naive.policies.remove(name);
      }
      case Change.Drain() -> {}
    }
  }

  private static void follow(
      Map<GroupId, Set<GroupMember>> followed, SortedMap<GroupId, GroupDelta> deltas) {
    deltas.forEach(
        (id, delta) -> {
          Set<GroupMember> members = followed.computeIfAbsent(id, _ -> new TreeSet<>());
          delta.removed().forEach(member -> assertThat(members.remove(member)).isTrue());
          delta.added().forEach(member -> assertThat(members.add(member)).isTrue());
          if (members.isEmpty()) {
            followed.remove(id);
          }
        });
  }
}
