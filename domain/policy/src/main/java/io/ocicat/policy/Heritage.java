package io.ocicat.policy;

import io.ocicat.selector.Labels;
import io.ocicat.selector.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The labels that can be inherited, and who inherits them. */
final class Heritage implements Ancestry {

  /** Something with labels that others inherit. */
  sealed interface Parent {

    record Namespace(String name) implements Parent {}

    record Account(AccountName name) implements Parent {}

    record Profile(String name) implements Parent {}

    /** The key under which a child has this parent's label of that key. */
    default String inherited(String key) {
      return switch (this) {
        case Namespace _ -> Selector.NAMESPACE_PREFIX + key;
        case Account _ -> Selector.SERVICE_ACCOUNT_PREFIX + key;
        case Profile _ -> key;
      };
    }
  }

  private final Map<Parent, Labels> labels = new HashMap<>();
  private final Map<Parent, Set<Subject.Key>> children = new HashMap<>();

  @Override
  public Optional<Labels> namespaceLabels(String namespace) {
    return labels(new Parent.Namespace(namespace));
  }

  @Override
  public Optional<Labels> accountLabels(AccountName account) {
    return labels(new Parent.Account(account));
  }

  @Override
  public Optional<Labels> profileLabels(String profile) {
    return labels(new Parent.Profile(profile));
  }

  private Optional<Labels> labels(Parent parent) {
    return Optional.ofNullable(labels.get(parent));
  }

  /** Sets a parent's labels and returns those that it had. */
  Optional<Labels> put(Parent parent, Labels now) {
    return Optional.ofNullable(labels.put(parent, now));
  }

  Optional<Labels> remove(Parent parent) {
    return Optional.ofNullable(labels.remove(parent));
  }

  /** The keys, as children have them, of labels that are not the same in both. */
  static Set<String> changedKeys(Parent parent, Optional<Labels> old, Optional<Labels> now) {
    Set<String> keys = new HashSet<>();
    for (Optional<Labels> each : List.of(old, now)) {
      each.ifPresent(labels -> keys.addAll(labels.asMap().keySet()));
    }
    keys.removeIf(
        key -> old.flatMap(l -> l.value(key)).equals(now.flatMap(labels -> labels.value(key))));
    if (old.isPresent() != now.isPresent()) {
      keys.add(Selector.NAME_KEY);
    }
    Set<String> inherited = new HashSet<>();
    keys.forEach(key -> inherited.add(parent.inherited(key)));
    return inherited;
  }

  static Set<Parent> parents(Subject subject) {
    Set<Parent> parents = new HashSet<>();
    switch (subject) {
      case PolicyPod pod -> {
        parents.add(new Parent.Namespace(pod.name().namespace()));
        parents.add(
            new Parent.Account(new AccountName(pod.name().namespace(), pod.serviceAccount())));
      }
      case PolicySet set -> parents.add(new Parent.Namespace(set.namespace()));
      case PolicyHost host ->
          host.profiles().forEach(profile -> parents.add(new Parent.Profile(profile)));
    }
    return parents;
  }

  void add(Subject subject) {
    for (Parent parent : parents(subject)) {
      children.computeIfAbsent(parent, _ -> new HashSet<>()).add(subject.key());
    }
  }

  void remove(Subject subject) {
    for (Parent parent : parents(subject)) {
      children.computeIfPresent(
          parent,
          (_, keys) -> {
            keys.remove(subject.key());
            return keys.isEmpty() ? null : keys;
          });
    }
  }

  Set<Subject.Key> children(Parent parent) {
    return children.getOrDefault(parent, Set.of());
  }

  /** What a selector says of the children of a parent with those labels. */
  static Foresight foresight(Selector selector, Parent parent, Optional<Labels> labels) {
    return switch (parent) {
      case Parent.Namespace(var name) ->
          name.isEmpty()
              ? Foresight.DEPENDS
              : Foresight.of(selector, Foresight.ofNamespace(name, labels));
      case Parent.Account(var name) -> Foresight.of(selector, Foresight.ofAccount(name, labels));
      case Parent.Profile _ -> Foresight.DEPENDS;
    };
  }

  /**
   * The children of all namespaces in which the selector may select something; empty if what is in
   * no namespace may be selected, too.
   */
  Optional<List<Set<Subject.Key>>> inNamespaces(Selector selector) {
    Foresight.Shared global =
        new Foresight.Shared() {
          @Override
          public boolean decides(String key) {
            return key.equals(Selector.NAMESPACE_LABEL)
                || key.startsWith(Selector.NAMESPACE_PREFIX);
          }

          @Override
          public Optional<String> value(String key) {
            return Optional.empty();
          }
        };
    if (Foresight.of(selector, global) != Foresight.NOT_SELECTED) {
      return Optional.empty();
    }
    List<Set<Subject.Key>> found = new ArrayList<>();
    children.forEach(
        (parent, keys) -> {
          if (parent instanceof Parent.Namespace
              && foresight(selector, parent, labels(parent)) != Foresight.NOT_SELECTED) {
            found.add(keys);
          }
        });
    return Optional.of(found);
  }
}
