package io.ocicat.policy;

import io.ocicat.selector.Labels;
import java.util.Optional;

/** The labels of what endpoints and network sets inherit labels from. */
public interface Ancestry {

  /** Empty if no such namespace is known. */
  Optional<Labels> namespaceLabels(String namespace);

  /** Empty if no such service account is known. */
  Optional<Labels> accountLabels(AccountName account);

  /** The labels that a profile gives; empty if no such profile is known. */
  Optional<Labels> profileLabels(String profile);
}
