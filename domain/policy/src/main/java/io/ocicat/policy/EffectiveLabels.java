package io.ocicat.policy;

import io.ocicat.selector.LabelView;
import io.ocicat.selector.Labels;
import io.ocicat.selector.Selector;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A subject's own labels, those that say what it is, and those that it inherits, looked up where
 * they are rather than copied.
 *
 * <p>What says what a subject is, and what it inherits from a namespace or service account, is
 * never looked for among its own labels: nothing can pretend by them to be elsewhere. What a host
 * endpoint inherits from profiles has no prefix, and its own labels are stronger.
 */
record EffectiveLabels(Subject subject, Ancestry ancestry) implements LabelView {

  /** Longer names of service accounts are no value of this label, by Calico's rule. */
  private static final int VALUE_LENGTH_MAX = 62;

  private static final List<String> IMPLICIT =
      List.of(
          Selector.NAMESPACE_LABEL, Selector.ORCHESTRATOR_LABEL, Selector.SERVICE_ACCOUNT_LABEL);

  @Override
  public Optional<String> value(String key) {
    return switch (key) {
      case Selector.NAMESPACE_LABEL -> nonEmpty(namespace());
      case Selector.ORCHESTRATOR_LABEL ->
          subject instanceof PolicyPod ? Optional.of(PolicyPod.ORCHESTRATOR) : Optional.empty();
      case Selector.SERVICE_ACCOUNT_LABEL ->
          nonEmpty(account().name()).filter(name -> name.length() <= VALUE_LENGTH_MAX);
      default -> ownOrInherited(key);
    };
  }

  private Optional<String> ownOrInherited(String key) {
    if (key.startsWith(Selector.NAMESPACE_PREFIX)) {
      return ofParent(
          namespace(), namespaceLabels(), key.substring(Selector.NAMESPACE_PREFIX.length()));
    }
    if (key.startsWith(Selector.SERVICE_ACCOUNT_PREFIX)) {
      return ofParent(
          account().name(),
          accountLabels(),
          key.substring(Selector.SERVICE_ACCOUNT_PREFIX.length()));
    }
    Optional<String> own = subject.labels().value(key);
    return own.isEmpty() && subject instanceof PolicyHost host ? inherited(host, key) : own;
  }

  private Optional<String> inherited(PolicyHost host, String key) {
    for (String profile : host.profiles()) {
      Optional<String> value = ancestry.profileLabels(profile).flatMap(l -> l.value(key));
      if (value.isPresent()) {
        return value;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> nonEmpty(String name) {
    return name.isEmpty() ? Optional.empty() : Optional.of(name);
  }

  private String namespace() {
    return subject.key().namespace();
  }

  private AccountName account() {
    return new AccountName(
        namespace(), subject instanceof PolicyPod pod ? pod.serviceAccount() : "");
  }

  private Optional<Labels> namespaceLabels() {
    return namespace().isEmpty() ? Optional.empty() : ancestry.namespaceLabels(namespace());
  }

  /** An account that nobody made is one without labels. */
  private Optional<Labels> accountLabels() {
    AccountName account = account();
    return account.name().isEmpty()
        ? Optional.empty()
        : ancestry.accountLabels(account).or(() -> Optional.of(Labels.EMPTY));
  }

  private static Optional<String> ofParent(String name, Optional<Labels> labels, String key) {
    return labels.flatMap(
        known -> key.equals(Selector.NAME_KEY) ? Optional.of(name) : known.value(key));
  }

  /** Calls {@code action} for every label, and perhaps for some that are hidden. */
  void forEach(BiConsumer<String, String> action) {
    subject.labels().asMap().forEach(action);
    for (String key : IMPLICIT) {
      value(key).ifPresent(value -> action.accept(key, value));
    }
    parentLabels(Selector.NAMESPACE_PREFIX, namespace(), namespaceLabels(), action);
    parentLabels(Selector.SERVICE_ACCOUNT_PREFIX, account().name(), accountLabels(), action);
    if (subject instanceof PolicyHost host) {
      for (String profile : host.profiles()) {
        ancestry.profileLabels(profile).ifPresent(labels -> labels.asMap().forEach(action));
      }
    }
  }

  private static void parentLabels(
      String prefix, String name, Optional<Labels> labels, BiConsumer<String, String> action) {
    labels.ifPresent(
        known -> {
          known.asMap().forEach((key, value) -> action.accept(prefix + key, value));
          action.accept(prefix + Selector.NAME_KEY, name);
        });
  }
}
