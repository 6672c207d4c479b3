package io.ocicat.controller.events;

import io.ocicat.controller.PodTroubles;
import io.ocicat.model.Kinds;
import io.ocicat.model.Pod;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Store;
import io.ocicat.store.StoredObject;
import io.ocicat.sync.PodTrouble;
import java.util.Optional;

/** Tells on the pod why it could not be added. */
public final class PodEvents implements PodTroubles {

  private final Store store;
  private final EventRecorder events;

  public PodEvents(Store store, EventRecorder events) {
    this.store = store;
    this.events = events;
  }

  @Override
  public void tell(String node, PodTrouble trouble) {
    String namespace = trouble.pod().namespace();
    String name = trouble.pod().name();
    Optional<Pod> known =
        store
            .get(new ResourceKey(Kinds.POD.name(), namespace, name))
            .map(StoredObject::tree)
            .map(Pod::read);
    String uid = known.map(pod -> pod.metadata().uid()).orElse(trouble.uid());
    boolean isAnother = !trouble.uid().isEmpty() && !trouble.uid().equals(uid);
    boolean isElsewhere = known.filter(pod -> !pod.nodeName().equals(node)).isPresent();
    if (!uid.isEmpty() && !isAnother && !isElsewhere) {
      events.warn(
          ObjectReference.pod(namespace, name, uid),
          trouble.reason(),
          "node %s: %s".formatted(node, trouble.message()));
    }
  }
}
