package io.ocicat.controller.index;

import io.ocicat.policy.AccountName;
import io.ocicat.policy.PodName;
import io.ocicat.selector.Labels;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Service accounts' labels, and the pods that run as each. */
final class Accounts {

  private final Map<AccountName, Labels> labels = new HashMap<>();
  private final Map<AccountName, Set<PodName>> users = new HashMap<>();
  private final Map<PodName, AccountName> accounts = new HashMap<>();

  /** Sets an account's labels and returns the pods that run as it. */
  Set<PodName> put(AccountName account, Labels now) {
    labels.put(account, now);
    return Set.copyOf(users.getOrDefault(account, Set.of()));
  }

  /** Forgets an account's labels and returns the pods that run as it. */
  Set<PodName> remove(AccountName account) {
    labels.remove(account);
    return Set.copyOf(users.getOrDefault(account, Set.of()));
  }

  /** The labels; none of an account that is not known. */
  Map<String, String> labels(AccountName account) {
    return labels.getOrDefault(account, Labels.EMPTY).asMap();
  }

  void use(PodName pod, AccountName account) {
    if (account.equals(accounts.get(pod))) {
      return;
    }
    forget(pod);
    accounts.put(pod, account);
    users.computeIfAbsent(account, _ -> new HashSet<>()).add(pod);
  }

  void forget(PodName pod) {
    AccountName account = accounts.remove(pod);
    if (account != null) {
      users.computeIfPresent(
          account,
          (_, pods) -> {
            pods.remove(pod);
            return pods.isEmpty() ? null : pods;
          });
    }
  }
}
