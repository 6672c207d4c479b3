package io.ocicat.sync;

import java.util.Map;

/** What a controller knows about a pod. */
public sealed interface PodAnswer {

  /** There is such a Pod object, bound to the asking node or to none. */
  record Found(SyncItem.LocalPod pod, Map<String, String> namespaceLabels) implements PodAnswer {
    public Found {
      namespaceLabels = Map.copyOf(namespaceLabels);
    }
  }

  /** There is none, or it is bound to another node. */
  record NotFound(Map<String, String> namespaceLabels) implements PodAnswer {
    public NotFound {
      namespaceLabels = Map.copyOf(namespaceLabels);
    }
  }

  /** The controller could not be asked in time. */
  record Unavailable(String reason) implements PodAnswer {}
}
