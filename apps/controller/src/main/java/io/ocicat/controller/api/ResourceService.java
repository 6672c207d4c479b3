package io.ocicat.controller.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.api.patch.ManagedFields;
import io.ocicat.controller.api.patch.Patch;
import io.ocicat.model.KindName;
import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.Tier;
import io.ocicat.model.schema.Schemas;
import io.ocicat.store.AlreadyExists;
import io.ocicat.store.Conflict;
import io.ocicat.store.Expected;
import io.ocicat.store.ListRequest;
import io.ocicat.store.ListResult;
import io.ocicat.store.NotFound;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Selection;
import io.ocicat.store.Store;
import io.ocicat.store.StoredObject;
import io.ocicat.store.Written;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * The API's verbs, on any kind. Safe for use by many threads; every method throws {@link
 * ApiException} when it refuses, and then has changed nothing.
 *
 * <p>Documents handed in stay the caller's and unchanged; documents handed out are the caller's.
 */
public final class ResourceService {

  /** Namespaces that are always there. */
  private static final List<String> PERMANENT_NAMESPACES = List.of("default", "kube-system");

  private static final Set<KindName> NAMESPACED_KINDS =
      Kinds.all().stream()
          .filter(ResourceKind::namespaced)
          .map(ResourceKind::name)
          .collect(Collectors.toUnmodifiableSet());

  private static final Set<KindName> TIERED_KINDS =
      Set.of(
          Kinds.CALICO_NETWORK_POLICY.name(),
          Kinds.GLOBAL_NETWORK_POLICY.name(),
          Kinds.STAGED_NETWORK_POLICY.name(),
          Kinds.STAGED_GLOBAL_NETWORK_POLICY.name());

  private static final String MANAGED_FIELDS = "managedFields";

  /** A write that loses this many races in a row gives up. */
  private static final int MAX_ATTEMPTS = 32;

  private final Store store;
  private final WriteRules rules;
  private final DocumentCheck check;
  private final DerivedProfiles derived;

  /**
   * Held while an object comes into a namespace or a namespace goes, so that none is left behind.
   */
  private final ReentrantLock membership = new ReentrantLock();

  /**
   * @param clock for creation and deletion times
   * @param random for uids and generated names
   */
  public ResourceService(Store store, InstantSource clock, RandomGenerator random) {
    this.store = store;
    this.rules = new WriteRules(clock, random);
    this.check = new DocumentCheck(store);
    this.derived = new DerivedProfiles(store);
  }

  /** Creates the namespaces and tiers that are always there, where they are missing. */
  public void createPermanentObjects() {
    for (String name : PERMANENT_NAMESPACES) {
      if (store.get(ResourceKey.ofCluster(Kinds.NAMESPACE.name(), name)).isEmpty()) {
        ObjectNode namespace = Documents.empty(Kinds.NAMESPACE);
        Metadata.of(namespace).set("name", name);
        create(Kinds.NAMESPACE, "", namespace, WriteOptions.strict("ocicat"));
      }
    }
    for (Tier tier : Tier.PERMANENT) {
      if (store.get(ResourceKey.ofCluster(Kinds.TIER.name(), tier.name())).isEmpty()) {
        create(Kinds.TIER, "", tier.document(), WriteOptions.strict("ocicat"));
      }
    }
  }

  /** The object as it is now. */
  public ObjectNode get(Target target) {
    return store
        .get(target.key())
        .map(Documents::of)
        .or(() -> derived.find(target))
        .orElseThrow(() -> new ApiException(ApiStatus.notFound(target.subject())));
  }

  /** The objects that match, in the order of namespace and name. */
  public ResourceList list(Query query, ListOptions options) {
    requireReached(options);
    return query.kind().equals(Kinds.PROFILE) ? profiles(query) : listStored(query, options);
  }

  /** Stored and derived ones, in one page. */
  private ResourceList profiles(Query query) {
    ResourceList stored = listStored(query, ListOptions.ALL);
    SortedMap<String, ObjectNode> all = new TreeMap<>();
    derived.all().stream()
        .filter(query::matches)
        .forEach(each -> all.put(Metadata.of(each).name(), each));
    stored.items().forEach(each -> all.put(Metadata.of(each).name(), each));
    return new ResourceList(List.copyOf(all.values()), stored.revision(), "", 0);
  }

  private ResourceList listStored(Query query, ListOptions options) {
    List<ObjectNode> items = new ArrayList<>();
    String token = options.continueToken();
    while (true) {
      int room = options.limit() == 0 ? 0 : options.limit() - items.size();
      switch (store.list(new ListRequest(query.selection(), room, token))) {
        case ListResult.Page page -> {
          for (StoredObject object : page.objects()) {
            ObjectNode document = Documents.of(object);
            if (query.matches(document)) {
              items.add(document);
            }
          }
          if (page.isLast() || items.size() == options.limit()) {
            long remaining = query.selectsAll() ? page.remaining() : 0;
            return new ResourceList(items, page.revision(), page.continueToken(), remaining);
          }
          token = page.continueToken();
        }
        case ListResult.Expired(long compacted) ->
            throw new ApiException(
                ApiStatus.expired(
                    "The provided continue parameter is too old to display a consistent list"
                        + " result. Start a new list without the continue parameter. (compacted"
                        + " up to "
                        + compacted
                        + ")"));
        case ListResult.BadToken(String reason) ->
            throw new ApiException(ApiStatus.badRequest("continue key is not valid: " + reason));
      }
    }
  }

  private void requireReached(ListOptions options) {
    long current = store.currentRevision();
    long wanted = revision(options.resourceVersion());
    if (wanted > current) {
      throw new ApiException(
          ApiStatus.of(
              StatusReason.TIMEOUT,
              "Too large resource version: %d, current: %d".formatted(wanted, current)));
    }
    if (options.exact() && wanted != current) {
      throw new ApiException(
          ApiStatus.expired(
              "The resourceVersion for the provided list is too old: only the current state can"
                  + " be listed"));
    }
  }

  /** The revision that a resourceVersion means; 0 for the empty one. */
  public static long revision(String resourceVersion) {
    if (resourceVersion.isEmpty()) {
      return 0;
    }
    try {
      long revision = Long.parseLong(resourceVersion);
      if (revision >= 0) {
        return revision;
      }
    } catch (NumberFormatException _) {
      // Refused below.
    }
    throw new ApiException(
        ApiStatus.badRequest("Invalid value: \"" + resourceVersion + "\": not a resourceVersion"));
  }

  /** All that happens to matching objects after a revision. */
  public ResourceWatch watch(Query query, long afterRevision) {
    return new ResourceWatch(store.watch(query.selection(), afterRevision), query);
  }

  /** The revision of the last write. */
  public long currentRevision() {
    return store.currentRevision();
  }

  /** The revision before which no watch can begin. */
  public long compactedRevision() {
    return store.compactedRevision();
  }

  /** Stores a new object. Its name comes from the document. */
  public Change create(
      ResourceKind kind, String namespace, ObjectNode document, WriteOptions options) {
    ObjectNode named = document.deepCopy();
    rules.matchPath(Target.of(kind, namespace, ""), named);
    Metadata.of(named).set(MANAGED_FIELDS, "");
    return createNamed(kind, namespace, named, options);
  }

  private Change createNamed(
      ResourceKind kind, String namespace, ObjectNode named, WriteOptions options) {
    boolean generated = Metadata.of(named).name().isEmpty();
    membership.lock();
    try {
      for (int attempt = 1; ; attempt++) {
        ObjectNode next = named.deepCopy();
        rules.prepareCreate(Target.of(kind, namespace, ""), next);
        List<String> warnings =
            check.checkNew(Target.of(kind, namespace, ""), next, options.fieldValidation());
        Target target = Target.of(kind, namespace, Metadata.of(next).name());
        requireNotDerived(target);
        requireNamespace(target);
        if (options.dryRun()) {
          requireAbsent(target);
          return new Change(next, warnings, true);
        }
        switch (store.create(target.key(), Documents.toStore(next))) {
          case Written(StoredObject object) -> {
            return new Change(Documents.of(object), warnings, true);
          }
          case AlreadyExists _ -> {
            if (!generated || attempt == MAX_ATTEMPTS) {
              throw new ApiException(ApiStatus.alreadyExists(target.subject()));
            }
          }
        }
      }
    } finally {
      membership.unlock();
    }
  }

  private void requireAbsent(Target target) {
    if (store.get(target.key()).isPresent()) {
      throw new ApiException(ApiStatus.alreadyExists(target.subject()));
    }
  }

  private void requireNamespace(Target target) {
    if (!target.kind().namespaced()) {
      return;
    }
    Target namespace = Target.of(Kinds.NAMESPACE, "", target.namespace());
    if (Metadata.of(stored(namespace).tree()).isBeingDeleted()) {
      throw new ApiException(
          new ApiStatus(
              StatusReason.FORBIDDEN,
              "%s \"%s\" is forbidden: unable to create new content in namespace %s because it is being terminated"
                  .formatted(target.kind().name(), target.name(), target.namespace()),
              target.subject(),
              List.of(
                  new ApiStatus.Cause(
                      "NamespaceTerminating",
                      "namespace %s is being terminated".formatted(target.namespace()),
                      "metadata.namespace"))));
    }
  }

  /**
   * Replaces an object, or its status. A resourceVersion in the document must be the current one.
   */
  public Change update(Target target, ObjectNode document, WriteOptions options) {
    ObjectNode next = document.deepCopy();
    rules.matchPath(target, next);
    return change(target, _ -> next.deepCopy(), false, options);
  }

  /** Changes an object, or its status, by a patch. Server-side apply creates what is missing. */
  public Change patch(Target target, Patch patch, WriteOptions options) {
    boolean applies = patch instanceof Patch.Apply;
    if (applies && !target.status() && store.get(target.key()).isEmpty()) {
      ObjectNode nothing = Documents.empty(target.kind());
      ObjectNode first = Patching.apply(target, nothing, patch, options, rules.now());
      rules.matchPath(target, first);
      return createNamed(target.kind(), target.namespace(), first, options);
    }
    return change(
        target,
        current -> {
          ObjectNode patched = Patching.apply(target, current, patch, options, rules.now());
          rules.matchPath(target, patched);
          return patched;
        },
        applies,
        options);
  }

  /**
   * @param applies whether the step itself says who owns which field
   */
  private Change change(
      Target target, UnaryOperator<ObjectNode> step, boolean applies, WriteOptions options) {
    requireNotDerived(target);
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      StoredObject stored = stored(target);
      ObjectNode current = Documents.of(stored);
      ObjectNode next = step.apply(current.deepCopy());
      if (!applies) {
        Metadata.of(next).takeOver(MANAGED_FIELDS, Metadata.of(current));
      }
      rules.prepareUpdate(target, current, next);
      List<String> warnings = check.checkNext(target, current, next, options.fieldValidation());
      rules.countGeneration(current, next);
      if (!applies) {
        ManagedFields.Writer writer = Patching.writer(target, options, false);
        ManagedFields.follow(current, next, Schemas.of(target.kind()), writer, rules.now());
      }
      Metadata meta = Metadata.of(next);
      boolean last = meta.isBeingDeleted() && isFree(target, meta);
      if (options.dryRun()) {
        return new Change(next, warnings, false);
      }
      if (last) {
        if (remove(target, Expected.revision(stored.revision()))) {
          return new Change(next, warnings, false);
        }
        continue;
      }
      Expected expected = Expected.revision(stored.revision());
      switch (store.update(target.key(), Documents.toStore(next), expected)) {
        case Written(StoredObject object) -> {
          return new Change(Documents.of(object), warnings, false);
        }
        case Conflict _ -> {}
        case NotFound _ -> throw new ApiException(ApiStatus.notFound(target.subject()));
      }
    }
    throw tooManyRaces(target);
  }

  /** Deletes an object, or marks it as being deleted while finalizers hold it. */
  public Deletion delete(Target target, DeleteOptions options) {
    membership.lock();
    try {
      requireDispensable(target);
      for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        StoredObject stored = stored(target);
        ObjectNode document = Documents.of(stored);
        requirePreconditions(target, document, options);
        if (options.dryRun()) {
          return new Deletion(document, true);
        }
        if (isFree(target, Metadata.of(document))) {
          if (remove(target, Expected.revision(stored.revision()))) {
            return new Deletion(document, true);
          }
        } else if (markDeleted(target, stored)) {
          return deleteContent(target);
        }
      }
    } finally {
      membership.unlock();
    }
    throw tooManyRaces(target);
  }

  /** Deletes all objects that match; returns them as they were. */
  public List<ObjectNode> deleteAll(Query query, DeleteOptions options) {
    List<ObjectNode> deleted = new ArrayList<>();
    for (ObjectNode item : listStored(query, ListOptions.ALL).items()) {
      Metadata meta = Metadata.of(item);
      try {
        delete(
            Target.of(query.kind(), meta.namespace(), meta.name()),
            new DeleteOptions(meta.uid(), "", options.dryRun()));
        deleted.add(item);
      } catch (ApiException e) {
        // Gone, or gone and made anew, in the meantime: what was asked for has happened.
        if (e.status().reason() != StatusReason.NOT_FOUND
            && e.status().reason() != StatusReason.CONFLICT) {
          throw e;
        }
      }
    }
    return deleted;
  }

  /** Some objects are always there, and a tier stays while policies are in it. */
  private void requireDispensable(Target target) {
    String refusal = "";
    if (target.kind().equals(Kinds.NAMESPACE) && PERMANENT_NAMESPACES.contains(target.name())) {
      refusal = "this namespace may not be deleted";
    } else if (target.kind().equals(Kinds.TIER) && Tier.isPermanent(target.name())) {
      refusal = "this tier may not be deleted";
    } else if (target.kind().equals(Kinds.TIER)) {
      refusal =
          policyIn(target.name())
              .map(policy -> "policies are in it, " + policy + " for one; delete those first")
              .orElse("");
    }
    if (!refusal.isEmpty()) {
      throw forbidden(target, refusal);
    }
    requireNotDerived(target);
  }

  private void requireNotDerived(Target target) {
    if (DerivedProfiles.isOne(target.kind(), target.name()) && store.get(target.key()).isEmpty()) {
      throw forbidden(
          target,
          "profiles of this name follow from namespaces and service accounts and cannot be"
              + " written; change the labels there, or write a policy");
    }
  }

  private static ApiException forbidden(Target target, String refusal) {
    return new ApiException(
        new ApiStatus(
            StatusReason.FORBIDDEN,
            "%s \"%s\" is forbidden: %s".formatted(target.kind().name(), target.name(), refusal),
            target.subject(),
            List.of()));
  }

  private Optional<String> policyIn(String tier) {
    return store.snapshot(new Selection(TIERED_KINDS, "")).objects().stream()
        .filter(each -> each.tree().at("/spec/tier").asText().equals(tier))
        .map(each -> each.key().toString())
        .findFirst();
  }

  private static void requirePreconditions(
      Target target, ObjectNode document, DeleteOptions options) {
    Metadata meta = Metadata.of(document);
    if (!options.uid().isEmpty() && !options.uid().equals(meta.uid())) {
      throw new ApiException(
          ApiStatus.conflict(
              target.subject(),
              "Precondition failed: UID in precondition: %s, UID in object meta: %s"
                  .formatted(options.uid(), meta.uid())));
    }
    if (!options.resourceVersion().isEmpty()
        && !options.resourceVersion().equals(meta.resourceVersion())) {
      throw new ApiException(
          ApiStatus.conflict(
              target.subject(),
              "Precondition failed: ResourceVersion in precondition: %s, ResourceVersion in object meta: %s"
                  .formatted(options.resourceVersion(), meta.resourceVersion())));
    }
  }

  /** Whether nothing holds an object back from being removed. */
  private boolean isFree(Target target, Metadata meta) {
    return meta.finalizers().isEmpty()
        && !(target.kind().equals(Kinds.NAMESPACE) && hasContent(target.name()));
  }

  private boolean hasContent(String namespace) {
    Selection content = new Selection(NAMESPACED_KINDS, namespace);
    return switch (store.list(ListRequest.firstPage(content, 1))) {
      case ListResult.Page page -> !page.objects().isEmpty();
      case ListResult.Expired _, ListResult.BadToken _ ->
          throw new IllegalStateException("a first page has no token");
    };
  }

  /** False if somebody else wrote in between. */
  private boolean remove(Target target, Expected expected) {
    membership.lock();
    try {
      boolean removed =
          switch (store.delete(target.key(), expected)) {
            case Written _ -> true;
            case Conflict _ -> false;
            case NotFound _ -> throw new ApiException(ApiStatus.notFound(target.subject()));
          };
      if (removed && target.kind().namespaced()) {
        removeEmptiedNamespace(target.namespace());
      }
      return removed;
    } finally {
      membership.unlock();
    }
  }

  /** A namespace that is being deleted goes with the last object in it. */
  private void removeEmptiedNamespace(String name) {
    Target namespace = Target.of(Kinds.NAMESPACE, "", name);
    store
        .get(namespace.key())
        .ifPresent(
            stored -> {
              Metadata meta = Metadata.of(stored.tree());
              if (meta.isBeingDeleted() && isFree(namespace, meta)) {
                store.delete(namespace.key(), Expected.revision(stored.revision()));
              }
            });
  }

  /** False if somebody else wrote in between. */
  private boolean markDeleted(Target target, StoredObject stored) {
    ObjectNode document = stored.tree();
    Metadata meta = Metadata.of(document);
    if (meta.isBeingDeleted()) {
      return true;
    }
    meta.set("deletionTimestamp", rules.now());
    meta.node().put("deletionGracePeriodSeconds", 0);
    if (target.kind().equals(Kinds.NAMESPACE)) {
      document.withObject("/status").put("phase", "Terminating");
    }
    return store.update(target.key(), document, Expected.revision(stored.revision()))
        instanceof Written;
  }

  private Deletion deleteContent(Target target) {
    ObjectNode marked = Documents.of(stored(target));
    if (target.kind().equals(Kinds.NAMESPACE)) {
      for (StoredObject object :
          store.snapshot(new Selection(NAMESPACED_KINDS, target.name())).objects()) {
        Kinds.named(object.key().kind())
            .map(kind -> Target.of(kind, object.key().namespace(), object.key().name()))
            .ifPresent(each -> delete(each, DeleteOptions.ANY));
      }
    }
    return new Deletion(marked, store.get(target.key()).isEmpty());
  }

  private StoredObject stored(Target target) {
    return store
        .get(target.key())
        .orElseThrow(() -> new ApiException(ApiStatus.notFound(target.subject())));
  }

  private static ApiException tooManyRaces(Target target) {
    return new ApiException(
        ApiStatus.conflict(target.subject(), "others kept changing it; please try again later"));
  }
}
