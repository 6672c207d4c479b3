package io.ocicat.policy;

import io.ocicat.selector.Selector;
import java.util.List;

/** Whom a rule means by its source or destination, apart from addresses and ports. */
public sealed interface Peers {

  /** Whoever it is. */
  record Anyone() implements Peers {}

  /**
   * Endpoints and network sets.
   *
   * @param selector about their own labels and those that say what they are
   */
  record Selection(NamespaceSelection namespaces, Selector selector, AccountSelection accounts)
      implements Peers {

    public Selection(NamespaceSelection namespaces, Selector selector) {
      this(namespaces, selector, new AccountSelection.Anyone());
    }

    /** Pods alone, as Kubernetes' own policies mean them. */
    public static Selection ofPods(NamespaceSelection namespaces, Selector labels) {
      return new Selection(
          namespaces,
          Selector.all(
              List.of(
                  new Selector.Equal(Selector.ORCHESTRATOR_LABEL, PolicyPod.ORCHESTRATOR),
                  labels)));
    }
  }

  /** The endpoints of a Service: as a destination only on their own ports. */
  record Service(ServiceName name) implements Peers {}
}
