package io.ocicat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.selector.Labels;
import io.ocicat.testkit.Gen;
import io.ocicat.testkit.Property;
import java.util.HashMap;
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

    record UpsertAccount(AccountName name, Labels labels) implements Change {}

    record RemoveAccount(AccountName name) implements Change {}

    record UpsertProfile(Labels labels) implements Change {}

    record RemoveProfile() implements Change {}

    record UpsertSubject(Subject subject) implements Change {}

    record RemoveSubject(Subject.Key key) implements Change {}

    record UpsertSlice(String name, ServiceName service, Set<GroupMember> endpoints)
        implements Change {}

    record RemoveSlice(String name) implements Change {}

    record UpsertPolicy(PolicySpec policy) implements Change {}

    record RemovePolicy(PolicyName name) implements Change {}

    record Drain() implements Change {}
  }

  private static final String PROFILE = "host";

  private static final Gen<Subject> SUBJECT =
      draws ->
          switch (draws.below(6)) {
            case 0 -> Clusters.SET.next(draws);
            case 1 -> Clusters.HOST.next(draws);
            default -> Clusters.POD.next(draws);
          };

  private static final Gen<AccountName> ACCOUNT =
      draws ->
          new AccountName(Clusters.NAMESPACE.next(draws), Gen.pick(Policies.ACCOUNTS).next(draws));

  private static final Gen<GroupMember> ENDPOINT = Policies::serviceEndpoint;

  private static final Gen<Change> CHANGE =
      draws ->
          switch (draws.below(21)) {
            case 0, 1, 2, 3, 4 -> new Change.UpsertSubject(SUBJECT.next(draws));
            case 5, 6, 7, 8 -> new Change.UpsertPolicy(Policies.POLICY.next(draws));
            case 9, 10 ->
                new Change.UpsertNamespace(
                    Clusters.NAMESPACE.next(draws), Clusters.LABELS.next(draws));
            case 11, 12 ->
                new Change.UpsertAccount(ACCOUNT.next(draws), Clusters.LABELS.next(draws));
            case 13 ->
                new Change.UpsertSlice(
                    "slice" + draws.below(3),
                    Gen.pick(Policies.SERVICES).next(draws),
                    Set.copyOf(ENDPOINT.list(0, 4).next(draws)));
            case 14 -> new Change.UpsertProfile(Clusters.LABELS.next(draws));
            case 15 -> new Change.RemoveSubject(SUBJECT.next(draws).key());
            case 16 -> new Change.RemovePolicy(Policies.POLICY.next(draws).name());
            case 17 -> new Change.RemoveNamespace(Clusters.NAMESPACE.next(draws));
            case 18 ->
                draws.oneIn(2)
                    ? new Change.RemoveAccount(ACCOUNT.next(draws))
                    : new Change.RemoveProfile();
            case 19 -> new Change.RemoveSlice("slice" + draws.below(3));
            default -> new Change.Drain();
          };

  /** The same state, kept without any index. */
  private static final class Naive {
    final Map<String, Labels> namespaces = new TreeMap<>();
    final Map<AccountName, Labels> accounts = new HashMap<>();
    final Map<String, Labels> profiles = new TreeMap<>();
    final Map<Subject.Key, Subject> subjects = new TreeMap<>();
    final Map<String, Change.UpsertSlice> slices = new TreeMap<>();
    final Map<PolicyName, PolicySpec> policies = new TreeMap<>();

    Map<GroupId, Set<GroupMember>> groups() {
      Map<ServiceName, Set<GroupMember>> services = new HashMap<>();
      slices
          .values()
          .forEach(
              slice ->
                  services
                      .computeIfAbsent(slice.service(), _ -> new TreeSet<>())
                      .addAll(slice.endpoints()));
      return Clusters.groups(
          new ClusterSnapshot(
              namespaces,
              accounts,
              profiles,
              of(PolicyPod.class),
              of(PolicySet.class),
              of(PolicyHost.class),
              services,
              List.of(),
              List.copyOf(policies.values())));
    }

    private <T extends Subject> List<T> of(Class<T> type) {
      return subjects.values().stream().filter(type::isInstance).map(type::cast).toList();
    }
  }

  @Test
  void membersAreThoseOfRecomputationAfterEveryChange() {
    Property.cases(400)
        .check(
            CHANGE.list(1, 50),
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
              naive.subjects.keySet().forEach(index::remove);
              naive.namespaces.keySet().forEach(index::removeNamespace);
              naive.slices.keySet().forEach(index::removeSlice);
              naive.accounts.forEach(index::upsertAccount);
              naive
                  .slices
                  .values()
                  .forEach(
                      slice -> index.upsertSlice(slice.name(), slice.service(), slice.endpoints()));
              naive.subjects.values().forEach(index::upsert);
              naive.namespaces.forEach(index::upsertNamespace);
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
      case Change.UpsertAccount(var name, var labels) -> {
        index.upsertAccount(name, labels);
        naive.accounts.put(name, labels);
      }
      case Change.RemoveAccount(var name) -> {
        index.removeAccount(name);
        naive.accounts.remove(name);
      }
      case Change.UpsertProfile(var labels) -> {
        index.upsertProfile(PROFILE, labels);
        naive.profiles.put(PROFILE, labels);
      }
      case Change.RemoveProfile() -> {
        index.removeProfile(PROFILE);
        naive.profiles.remove(PROFILE);
      }
      case Change.UpsertSubject(var subject) -> {
        index.upsert(subject);
        naive.subjects.put(subject.key(), subject);
      }
      case Change.RemoveSubject(var key) -> {
        index.remove(key);
        naive.subjects.remove(key);
      }
      case Change.UpsertSlice slice -> {
        index.upsertSlice(slice.name(), slice.service(), slice.endpoints());
        naive.slices.put(slice.name(), slice);
      }
      case Change.RemoveSlice(var name) -> {
        index.removeSlice(name);
        naive.slices.remove(name);
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
