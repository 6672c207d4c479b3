package io.ocicat.controller.index;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.model.BgpConfiguration;
import io.ocicat.model.BgpFilter;
import io.ocicat.model.BgpPeer;
import io.ocicat.model.BgpPeerOptions;
import io.ocicat.model.EndpointSlice;
import io.ocicat.model.FelixConfiguration;
import io.ocicat.model.KindName;
import io.ocicat.model.Kinds;
import io.ocicat.model.Node;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.Secret;
import io.ocicat.model.SecretKey;
import io.ocicat.model.Service;
import io.ocicat.selector.Selector;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.StoredObject;
import io.ocicat.sync.ItemKey;
import io.ocicat.sync.ItemKey.Kind;
import io.ocicat.sync.SyncItem;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What agents need in order to speak BGP, and no more than that: documents about BGP and all nodes
 * go to everybody, of nodes' labels only those that such documents ask for; a Service goes to the
 * nodes that announce its addresses one by one; a password to the nodes that may have sessions with
 * it.
 */
final class SpeakerItems {

  /** Where items go. */
  interface Target {
    void share(SyncItem item);

    void unshare(ItemKey key);

    void give(String node, SyncItem item);

    void withdraw(String node, ItemKey key);
  }

  private static final List<ResourceKind> DOCUMENTS =
      List.of(Kinds.BGP_CONFIGURATION, Kinds.BGP_PEER, Kinds.BGP_FILTER, Kinds.BGP_PEER_OPTIONS);
  private static final List<String> HEEDED = List.of(Node.AS_NUMBER, Node.REFLECTOR_CLUSTER_ID);

  /** The nodes that serve a service by one of its slices. */
  private record Serving(String service, Set<String> nodes) {}

  private final Map<String, BgpConfiguration> configurations = new TreeMap<>();
  private final Map<String, BgpPeer> peers = new TreeMap<>();
  private final Map<String, BgpPeerOptions> options = new TreeMap<>();
  private final Map<ItemKey, SyncItem> documents = new HashMap<>();
  private final Map<String, Node> nodes = new HashMap<>();
  private final Map<String, Service> services = new HashMap<>();
  private final Map<ResourceKey, Serving> slices = new HashMap<>();
  private final Map<String, Set<ResourceKey>> slicesOf = new HashMap<>();
  private final Map<String, Map<String, String>> secrets = new HashMap<>();

  private final Set<ItemKey> changedDocuments = new HashSet<>();
  private final Set<String> changedNodes = new HashSet<>();
  private final Set<String> changedServices = new HashSet<>();
  private boolean settingsChanged;
  private boolean passwordsChanged;

  private Set<String> askedLabels = Set.of();
  private AnnouncedRanges ranges = AnnouncedRanges.NONE;
  private final Map<String, Placed> placedServices = new HashMap<>();
  private Map<ItemKey, Placed> placedPasswords = new HashMap<>();

  /**
   * Where an item is.
   *
   * @param nodes who has it; empty for all
   */
  private record Placed(SyncItem item, Optional<Set<String>> nodes) {}

  /** Whether documents of this kind go here; nodes and slices go elsewhere, too. */
  static boolean concerns(KindName kind) {
    return Stream.concat(DOCUMENTS.stream(), Stream.of(Kinds.SERVICE, Kinds.SECRET))
        .anyMatch(each -> each.name().equals(kind));
  }

  /** A document of a kind that {@link #concerns} is there. */
  void put(StoredObject object) {
    ResourceKey key = object.key();
    if (key.kind().equals(Kinds.SERVICE.name())) {
      services.put(id(key), Service.read(object.tree()));
      changedServices.add(id(key));
    } else if (key.kind().equals(Kinds.SECRET.name())) {
      Map<String, String> texts = Secret.read(object.tree()).texts();
      passwordsChanged |= !texts.equals(secrets.put(key.name(), texts));
    } else {
      ResourceKind kind = document(key);
      read(kind, object.tree());
      SyncItem item = new SyncItem.Routing(kind.kind(), key.name(), object.json());
      documents.put(item.key(), item);
      changedDocuments.add(item.key());
      settingsChanged = true;
    }
  }

  private void read(ResourceKind kind, JsonNode tree) {
    if (kind.equals(Kinds.BGP_CONFIGURATION)) {
      BgpConfiguration configuration = BgpConfiguration.read(tree);
      configurations.put(configuration.name(), configuration);
    } else if (kind.equals(Kinds.BGP_PEER)) {
      BgpPeer peer = BgpPeer.read(tree);
      peers.put(peer.name(), peer);
    } else if (kind.equals(Kinds.BGP_PEER_OPTIONS)) {
      BgpPeerOptions read = BgpPeerOptions.read(tree);
      options.put(read.metadata().name(), read);
    } else {
      BgpFilter _ = BgpFilter.read(tree);
    }
  }

  /** A document of such a kind is gone, or cannot be read. */
  void remove(ResourceKey key) {
    if (key.kind().equals(Kinds.SERVICE.name())) {
      services.remove(id(key));
      changedServices.add(id(key));
    } else if (key.kind().equals(Kinds.SECRET.name())) {
      passwordsChanged |= secrets.remove(key.name()) != null;
    } else {
      ResourceKind kind = document(key);
      Map<String, ?> read =
          kind.equals(Kinds.BGP_CONFIGURATION)
              ? configurations
              : kind.equals(Kinds.BGP_PEER) ? peers : options;
      if (!kind.equals(Kinds.BGP_FILTER)) {
        read.remove(key.name());
      }
      ItemKey item = ItemKey.routing(kind.kind(), key.name());
      documents.remove(item);
      changedDocuments.add(item);
      settingsChanged = true;
    }
  }

  private static ResourceKind document(ResourceKey key) {
    return DOCUMENTS.stream()
        .filter(each -> each.name().equals(key.kind()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("not about BGP: " + key));
  }

  private static String id(ResourceKey key) {
    return key.namespace() + "/" + key.name();
  }

  void putNode(Node node) {
    Node before = nodes.put(node.name(), node);
    if (before == null || !before.equals(node)) {
      changedNodes.add(node.name());
      passwordsChanged |= before == null || !before.labels().equals(node.labels());
    }
  }

  void removeNode(String name) {
    if (nodes.remove(name) != null) {
      changedNodes.add(name);
      passwordsChanged = true;
    }
  }

  void putSlice(ResourceKey key, EndpointSlice slice) {
    Set<String> serving = new HashSet<>();
    for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
      if (endpoint.ready() && !endpoint.node().isEmpty()) {
        serving.add(endpoint.node());
      }
    }
    Serving now = new Serving(slice.namespace() + "/" + slice.service(), Set.copyOf(serving));
    if (!now.equals(slices.get(key))) {
      removeSlice(key);
      slices.put(key, now);
      slicesOf.computeIfAbsent(now.service(), _ -> new HashSet<>()).add(key);
      changedServices.add(now.service());
    }
  }

  void removeSlice(ResourceKey key) {
    Serving before = slices.remove(key);
    if (before != null) {
      slicesOf.computeIfPresent(
          before.service(),
          (_, keys) -> {
            keys.remove(key);
            return keys.isEmpty() ? null : keys;
          });
      changedServices.add(before.service());
    }
  }

  /** Brings what agents get up to date with all that was put and removed. */
  void settle(Target target) {
    for (ItemKey key : changedDocuments) {
      SyncItem item = documents.get(key);
      if (item == null) {
        target.unshare(key);
      } else {
        target.share(item);
      }
    }
    changedDocuments.clear();
    if (settingsChanged) {
      Set<String> asked = asked();
      if (!asked.equals(askedLabels)) {
        askedLabels = asked;
        changedNodes.addAll(nodes.keySet());
      }
      AnnouncedRanges announced = AnnouncedRanges.of(configurations.values());
      if (!announced.equals(ranges)) {
        ranges = announced;
        changedServices.addAll(services.keySet());
      }
      passwordsChanged = true;
      settingsChanged = false;
    }
    changedNodes.forEach(name -> settleNode(name, target));
    changedNodes.clear();
    changedServices.forEach(id -> settleService(id, target));
    changedServices.clear();
    if (passwordsChanged) {
      passwordsChanged = false;
      settlePasswords(target);
    }
  }

  /** The keys of nodes' labels by which documents choose nodes, and that of silent nodes. */
  private Set<String> asked() {
    Set<String> asked = new HashSet<>(Set.of(Node.SILENT_LABEL));
    for (BgpPeer peer : peers.values()) {
      if (peer.nodes() instanceof BgpPeer.Where.Selected(Selector selector)) {
        asked.addAll(selector.labels());
      }
      if (peer.remote() instanceof BgpPeer.Remote.Nodes(Selector selector)) {
        asked.addAll(selector.labels());
      }
    }
    options
        .values()
        .forEach(
            each -> each.sessions().nodeSelector().map(Selector::labels).ifPresent(asked::addAll));
    return asked;
  }

  private void settleNode(String name, Target target) {
    Node node = nodes.get(name);
    if (node == null) {
      target.unshare(new ItemKey(Kind.NODE, "", name));
      return;
    }
    Map<String, String> labels = new HashMap<>(node.labels().asMap());
    labels.keySet().retainAll(askedLabels);
    Map<String, String> annotations = new HashMap<>(node.metadata().annotations());
    annotations.keySet().retainAll(HEEDED);
    target.share(new SyncItem.Node(name, node.internalAddresses(), labels, annotations));
  }

  private void settleService(String id, Target target) {
    Optional<Placed> now = Optional.ofNullable(services.get(id)).flatMap(each -> place(id, each));
    Optional<Placed> before = Optional.ofNullable(placedServices.remove(id));
    now.ifPresent(placed -> placedServices.put(id, placed));
    move(before, now, target);
  }

  private Optional<Placed> place(String id, Service service) {
    return ranges
        .announced(service)
        .map(
            item ->
                new Placed(
                    item, item.localTraffic() ? Optional.of(servedBy(id)) : Optional.empty()));
  }

  private Set<String> servedBy(String service) {
    Set<String> all = new HashSet<>();
    for (ResourceKey slice : slicesOf.getOrDefault(service, Set.of())) {
      Optional.ofNullable(slices.get(slice)).ifPresent(each -> all.addAll(each.nodes()));
    }
    return all;
  }

  private void settlePasswords(Target target) {
    Map<SecretKey, Optional<Set<String>>> users = new HashMap<>();
    for (BgpConfiguration configuration : configurations.values()) {
      configuration
          .meshPassword()
          .ifPresent(secret -> use(users, secret, meshNodes(configuration.name())));
    }
    for (BgpPeer peer : peers.values()) {
      peer.password().ifPresent(secret -> use(users, secret, Optional.of(nodesOf(peer))));
    }
    Map<ItemKey, Placed> placed = new HashMap<>();
    users.forEach(
        (secret, who) -> {
          String text = secrets.getOrDefault(secret.secret(), Map.of()).get(secret.key());
          if (text != null) {
            SyncItem item = new SyncItem.Password(secret.secret(), secret.key(), text);
            placed.put(item.key(), new Placed(item, who));
          }
        });
    Set<ItemKey> keys = new HashSet<>(placedPasswords.keySet());
    keys.addAll(placed.keySet());
    for (ItemKey key : keys) {
      move(
          Optional.ofNullable(placedPasswords.get(key)),
          Optional.ofNullable(placed.get(key)),
          target);
    }
    placedPasswords = placed;
  }

  /** Empty for all nodes. */
  private static Optional<Set<String>> meshNodes(String configuration) {
    return configuration.startsWith(FelixConfiguration.NODE_PREFIX)
        ? Optional.of(Set.of(configuration.substring(FelixConfiguration.NODE_PREFIX.length())))
        : Optional.empty();
  }

  private static void use(
      Map<SecretKey, Optional<Set<String>>> users, SecretKey secret, Optional<Set<String>> who) {
    users.merge(
        secret,
        who,
        (one, other) -> {
          if (one.isEmpty() || other.isEmpty()) {
            return Optional.empty();
          }
          Set<String> both = new HashSet<>(one.get());
          both.addAll(other.get());
          return Optional.of(both);
        });
  }

  /** Those that have its sessions, from either end. */
  private Set<String> nodesOf(BgpPeer peer) {
    Set<String> all = new HashSet<>();
    for (Node node : nodes.values()) {
      boolean reversed =
          peer.reversed()
              && peer.remote() instanceof BgpPeer.Remote.Nodes(Selector selector)
              && selector.matches(node.labels());
      if (reversed || peer.nodes().holds(node)) {
        all.add(node.name());
      }
    }
    return all;
  }

  private static void move(Optional<Placed> before, Optional<Placed> now, Target target) {
    before.ifPresent(
        placed -> {
          ItemKey key = placed.item().key();
          if (placed.nodes().isEmpty()) {
            if (now.isEmpty() || now.get().nodes().isPresent()) {
              target.unshare(key);
            }
          } else {
            Set<String> stay = now.flatMap(Placed::nodes).orElse(Set.of());
            placed.nodes().get().stream()
                .filter(node -> !stay.contains(node))
                .forEach(node -> target.withdraw(node, key));
          }
        });
    now.ifPresent(
        placed ->
            placed
                .nodes()
                .ifPresentOrElse(
                    all -> all.forEach(node -> target.give(node, placed.item())),
                    () -> target.share(placed.item())));
  }
}
