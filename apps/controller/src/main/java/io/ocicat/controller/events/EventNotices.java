package io.ocicat.controller.events;

import io.ocicat.controller.AddressBook;
import io.ocicat.controller.Notices;
import io.ocicat.model.Kinds;
import io.ocicat.model.Metadata;
import io.ocicat.model.ResourceKind;
import io.ocicat.policy.PolicyKind;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Store;
import io.ocicat.store.StoredObject;
import io.ocicat.sync.LoggedFlow;
import io.ocicat.sync.Notice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells what agents notice on the pods and nodes that it concerns. */
public final class EventNotices implements Notices {

  /** Somebody else had changed what the agent looks after. */
  static final String DRIFT_REPAIRED = "DriftRepaired";

  /** More was denied or logged than could be told. */
  static final String REPORTS_LOST = "PolicyReportsLost";

  /** A policy does not hold as it is written. */
  static final String POLICY_PROBLEM = "PolicyProblem";

  /** What a document says about BGP does not hold as it is written. */
  static final String ROUTING_PROBLEM = "RoutingProblem";

  private static final int SENTENCES = 3;

  private static final List<ResourceKind> ROUTING =
      List.of(Kinds.BGP_CONFIGURATION, Kinds.BGP_PEER, Kinds.BGP_FILTER, Kinds.BGP_PEER_OPTIONS);

  private final Store store;
  private final EventRecorder events;
  private final FlowEvents flows;

  public EventNotices(Store store, EventRecorder events, FlowEvents flows) {
    this.store = store;
    this.events = events;
    this.flows = flows;
  }

  @Override
  public void misunderstood(StoredObject policy, List<String> complaints) {
    events.warn(
        ObjectReference.document(policy.tree()),
        PolicyKind.of(policy.key().kind()).isPresent() ? POLICY_PROBLEM : ROUTING_PROBLEM,
        String.join("; ", complaints));
  }

  @Override
  public void logged(String node, Notice.Logged logged, AddressBook addresses) {
    for (LoggedFlow flow : logged.flows()) {
      Optional<AddressBook.Owner> peer = addresses.owner(flow.peer());
      flows.tell(
          new FlowEvents.Told(
              node, flow, subject(node, flow), peer, peer.flatMap(this::reference)));
    }
    if (logged.lost() > 0) {
      events.warn(
          ObjectReference.node(node),
          REPORTS_LOST,
          "node %s: more connections were denied or logged than could be told of, %d times"
              .formatted(node, logged.lost()));
    }
  }

  /** The pod whose policy it was, with or without an object; else the node. */
  private ObjectReference subject(String node, LoggedFlow flow) {
    String namespace = flow.pod().namespace();
    String name = flow.pod().name();
    return name.isEmpty()
        ? ObjectReference.node(node)
        : pod(namespace, name).orElseGet(() -> ObjectReference.pod(namespace, name, flow.podUid()));
  }

  private Optional<ObjectReference> reference(AddressBook.Owner owner) {
    return switch (owner) {
      case AddressBook.Owner.OfPod(var namespace, var name) -> pod(namespace, name);
      case AddressBook.Owner.OfNode(var name) -> Optional.of(ObjectReference.node(name));
    };
  }

  private Optional<ObjectReference> pod(String namespace, String name) {
    return store
        .get(new ResourceKey(Kinds.POD.name(), namespace, name))
        .map(object -> Metadata.read(object.tree()))
        .map(metadata -> ObjectReference.pod(namespace, name, metadata.uid()));
  }

  /** One Event an object: those of one reason that follow at once are not told. */
  @Override
  public void unmet(String node, List<Notice.Unfulfilled> unmet) {
    Map<String, List<String>> byObject = new LinkedHashMap<>();
    for (Notice.Unfulfilled each : unmet) {
      byObject
          .computeIfAbsent(each.object(), _ -> new ArrayList<>())
          .add(each.field() + " " + each.text());
    }
    byObject.forEach(
        (object, sentences) ->
            described(object)
                .ifPresent(
                    reference ->
                        events.warn(
                            reference,
                            ROUTING_PROBLEM,
                            "%s (seen at node %s)".formatted(String.join("; ", sentences), node))));
  }

  /** An object without a namespace, of a kind that says something about BGP. */
  private Optional<ObjectReference> described(String object) {
    int slash = object.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    String kind = object.substring(0, slash);
    String name = object.substring(slash + 1);
    if (kind.equals(Kinds.NODE.kind())) {
      return Optional.of(ObjectReference.node(name));
    }
    return ROUTING.stream()
        .filter(each -> each.kind().equals(kind))
        .findFirst()
        .flatMap(each -> store.get(ResourceKey.ofCluster(each.name(), name)))
        .map(found -> ObjectReference.document(found.tree()));
  }

  @Override
  public void repaired(String node, Notice.Repaired repaired) {
    String first =
        String.join("; ", repaired.changes().stream().limit(SENTENCES).toList())
            + (repaired.count() > SENTENCES ? "; …" : "");
    events.warn(
        ObjectReference.node(node),
        DRIFT_REPAIRED,
        "node %s: the agent put right what somebody else had changed (%s, %d in all): %s"
            .formatted(node, repaired.what(), repaired.count(), first));
  }
}
