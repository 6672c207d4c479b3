package io.ocicat.controller.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.KindName;
import io.ocicat.model.Kinds;
import io.ocicat.model.Profile;
import io.ocicat.model.ResourceKind;
import io.ocicat.selector.Selector;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Selection;
import io.ocicat.store.Store;
import io.ocicat.store.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The Profiles that say what pods have from their namespaces ({@code kns.NAMESPACE}) and service
 * accounts ({@code ksa.NAMESPACE.NAME}). They are read, never stored or written.
 */
final class DerivedProfiles {

  private static final Set<KindName> SOURCES =
      Set.of(Kinds.NAMESPACE.name(), Kinds.SERVICE_ACCOUNT.name());

  private final Store store;

  DerivedProfiles(Store store) {
    this.store = store;
  }

  /** Whether objects of that kind and name are only ever derived. */
  static boolean isOne(ResourceKind kind, String name) {
    return kind.equals(Kinds.PROFILE)
        && (name.startsWith(Profile.OF_NAMESPACE) || name.startsWith(Profile.OF_ACCOUNT));
  }

  /** The object, if there is what it is derived from. */
  Optional<ObjectNode> find(Target target) {
    if (!isOne(target.kind(), target.name())) {
      return Optional.empty();
    }
    return source(target.name()).flatMap(store::get).map(DerivedProfiles::document);
  }

  private static Optional<ResourceKey> source(String profile) {
    if (profile.startsWith(Profile.OF_NAMESPACE)) {
      String namespace = profile.substring(Profile.OF_NAMESPACE.length());
      return Optional.of(ResourceKey.ofCluster(Kinds.NAMESPACE.name(), namespace))
          .filter(_ -> !namespace.isEmpty());
    }
    String[] account = profile.substring(Profile.OF_ACCOUNT.length()).split("\\.", 2);
    return account.length < 2 || account[0].isEmpty() || account[1].isEmpty()
        ? Optional.empty()
        : Optional.of(new ResourceKey(Kinds.SERVICE_ACCOUNT.name(), account[0], account[1]));
  }

  /** All of them. */
  List<ObjectNode> all() {
    List<ObjectNode> all = new ArrayList<>();
    store
        .snapshot(new Selection(SOURCES, ""))
        .objects()
        .forEach(source -> all.add(document(source)));
    return all;
  }

  /** Namespaces allow what no tier decides about, both ways; service accounts only add labels. */
  private static ObjectNode document(StoredObject stored) {
    ObjectNode source = Documents.of(stored);
    Metadata of = Metadata.of(source);
    boolean isNamespace = stored.key().kind().equals(Kinds.NAMESPACE.name());
    String name =
        isNamespace
            ? Profile.OF_NAMESPACE + of.name()
            : Profile.OF_ACCOUNT + of.namespace() + "." + of.name();
    String prefix = isNamespace ? Selector.NAMESPACE_PREFIX : Selector.SERVICE_ACCOUNT_PREFIX;
    ObjectNode profile = Documents.empty(Kinds.PROFILE);
    Metadata meta = Metadata.of(profile);
    meta.set("name", name);
    for (String field : List.of("uid", "creationTimestamp", "resourceVersion")) {
      meta.takeOver(field, of);
    }
    meta.node()
        .putObject("annotations")
        .put(
            Profile.DERIVED_FROM,
            isNamespace
                ? "Namespace " + of.name()
                : "ServiceAccount " + of.namespace() + "/" + of.name());
    ObjectNode spec = profile.putObject("spec");
    if (isNamespace) {
      spec.putArray("ingress").addObject().put("action", "Allow");
      spec.putArray("egress").addObject().put("action", "Allow");
    }
    ObjectNode labels = spec.putObject("labelsToApply");
    of.labels().asMap().forEach((key, value) -> labels.put(prefix + key, value));
    labels.put(prefix + Selector.NAME_KEY, of.name());
    return profile;
  }
}
