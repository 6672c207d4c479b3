package io.ocicat.sync.grpc;

import com.google.protobuf.ByteString;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.sync.GroupMember;
import io.ocicat.sync.ItemKey;
import io.ocicat.sync.NamedPort;
import io.ocicat.sync.SyncItem;
import io.ocicat.sync.wire.Block;
import io.ocicat.sync.wire.Cluster;
import io.ocicat.sync.wire.Document;
import io.ocicat.sync.wire.Group;
import io.ocicat.sync.wire.Inspection;
import io.ocicat.sync.wire.Item;
import io.ocicat.sync.wire.Key;
import io.ocicat.sync.wire.Kind;
import io.ocicat.sync.wire.LocalPod;
import io.ocicat.sync.wire.Member;
import io.ocicat.sync.wire.Namespace;
import io.ocicat.sync.wire.Policy;
import io.ocicat.sync.wire.Pool;
import io.ocicat.sync.wire.Prefix;
import io.ocicat.sync.wire.Tier;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Items, keys and their parts as protobuf. Decoding answers empty for kinds of a later version. */
final class ItemCodec {

  private ItemCodec() {}

  static Item encode(SyncItem item) {
    Item.Builder builder = Item.newBuilder();
    return switch (item) {
      case SyncItem.Policy(var kind, var namespace, var name, var document) ->
          builder
              .setPolicy(
                  Policy.newBuilder()
                      .setKind(kind)
                      .setNamespace(namespace)
                      .setName(name)
                      .setDocument(document))
              .build();
      case SyncItem.Tier(var name, var document) ->
          builder.setTier(Tier.newBuilder().setName(name).setDocument(document)).build();
      case SyncItem.HostEndpoint(var name, var document) ->
          builder.setHostEndpoint(document(name, document)).build();
      case SyncItem.Configuration(var name, var document) ->
          builder.setConfiguration(document(name, document)).build();
      case SyncItem.Pool(var name, var document) ->
          builder.setPool(Pool.newBuilder().setName(name).setDocument(document)).build();
      case SyncItem.Namespace(var name, var labels, var annotations) ->
          builder
              .setNamespace(
                  Namespace.newBuilder()
                      .setName(name)
                      .putAllLabels(labels)
                      .putAllAnnotations(annotations))
              .build();
      case SyncItem.LocalPod pod -> builder.setPod(encodePod(pod)).build();
      case SyncItem.Block block -> builder.setBlock(encodeBlock(block)).build();
      case SyncItem.Group(var id, var members) ->
          builder
              .setGroup(Group.newBuilder().setId(id).addAllMembers(encodeMembers(members)))
              .build();
      case SyncItem.Cluster(var podObjects) ->
          builder.setCluster(Cluster.newBuilder().setPodObjects(podObjects)).build();
      case SyncItem.Inspection(var name, var uid, var policies, var nodes) ->
          builder
              .setInspection(
                  Inspection.newBuilder()
                      .setName(name)
                      .setUid(uid)
                      .addAllPolicies(policies.stream().map(NoticeCodec::encode).toList())
                      .addAllNodes(nodes))
              .build();
      case SyncItem.Routing routing -> builder.setRouting(RoutingCodec.encode(routing)).build();
      case SyncItem.Node node -> builder.setNode(RoutingCodec.encode(node)).build();
      case SyncItem.Service service -> builder.setService(RoutingCodec.encode(service)).build();
      case SyncItem.Password password -> builder.setPassword(RoutingCodec.encode(password)).build();
      case SyncItem.StatusRequest request ->
          builder.setStatusRequest(RoutingCodec.encode(request)).build();
    };
  }

  private static Document.Builder document(String name, String document) {
    return Document.newBuilder().setName(name).setDocument(document);
  }

  static Optional<SyncItem> decode(Item item) {
    return switch (item.getItemCase()) {
      case POLICY ->
          Optional.of(
              new SyncItem.Policy(
                  item.getPolicy().getKind(),
                  item.getPolicy().getNamespace(),
                  item.getPolicy().getName(),
                  item.getPolicy().getDocument()));
      case TIER ->
          Optional.of(new SyncItem.Tier(item.getTier().getName(), item.getTier().getDocument()));
      case HOST_ENDPOINT ->
          Optional.of(
              new SyncItem.HostEndpoint(
                  item.getHostEndpoint().getName(), item.getHostEndpoint().getDocument()));
      case CONFIGURATION ->
          Optional.of(
              new SyncItem.Configuration(
                  item.getConfiguration().getName(), item.getConfiguration().getDocument()));
      case POOL ->
          Optional.of(new SyncItem.Pool(item.getPool().getName(), item.getPool().getDocument()));
      case NAMESPACE ->
          Optional.of(
              new SyncItem.Namespace(
                  item.getNamespace().getName(),
                  item.getNamespace().getLabelsMap(),
                  item.getNamespace().getAnnotationsMap()));
      case POD -> Optional.of(decodePod(item.getPod()));
      case BLOCK -> Optional.of(decodeBlock(item.getBlock()));
      case GROUP ->
          Optional.of(
              new SyncItem.Group(
                  item.getGroup().getId(), decodeMembers(item.getGroup().getMembersList())));
      case CLUSTER -> Optional.of(new SyncItem.Cluster(item.getCluster().getPodObjects()));
      case INSPECTION ->
          Optional.of(
              new SyncItem.Inspection(
                  item.getInspection().getName(),
                  item.getInspection().getUid(),
                  item.getInspection().getPoliciesList().stream().map(NoticeCodec::decode).toList(),
                  Set.copyOf(item.getInspection().getNodesList())));
      case ROUTING -> Optional.of(RoutingCodec.decode(item.getRouting()));
      case NODE -> Optional.of(RoutingCodec.decode(item.getNode()));
      case SERVICE -> Optional.of(RoutingCodec.decode(item.getService()));
      case PASSWORD -> Optional.of(RoutingCodec.decode(item.getPassword()));
      case STATUS_REQUEST -> Optional.of(RoutingCodec.decode(item.getStatusRequest()));
      case ITEM_NOT_SET -> Optional.empty();
    };
  }

  static LocalPod encodePod(SyncItem.LocalPod pod) {
    return LocalPod.newBuilder()
        .setNamespace(pod.namespace())
        .setName(pod.name())
        .setUid(pod.uid())
        .putAllLabels(pod.labels())
        .putAllAnnotations(pod.annotations())
        .setServiceAccount(pod.serviceAccount())
        .putAllServiceAccountLabels(pod.serviceAccountLabels())
        .addAllPorts(encodePorts(pod.ports()))
        .build();
  }

  static SyncItem.LocalPod decodePod(LocalPod pod) {
    return new SyncItem.LocalPod(
        pod.getNamespace(),
        pod.getName(),
        pod.getUid(),
        pod.getLabelsMap(),
        pod.getAnnotationsMap(),
        pod.getServiceAccount(),
        pod.getServiceAccountLabelsMap(),
        decodePorts(pod.getPortsList()));
  }

  static Block encodeBlock(SyncItem.Block block) {
    return Block.newBuilder()
        .setCidr(encode(block.cidr()))
        .setPool(block.pool())
        .setNode(block.node())
        .addAllNodeAddresses(encodeAddresses(block.nodeAddresses()))
        .build();
  }

  static SyncItem.Block decodeBlock(Block block) {
    return new SyncItem.Block(
        decode(block.getCidr()),
        block.getPool(),
        block.getNode(),
        decodeAddresses(block.getNodeAddressesList()));
  }

  static Prefix encode(Cidr cidr) {
    return Prefix.newBuilder()
        .setAddress(encode(cidr.address()))
        .setLength(cidr.prefixLength())
        .build();
  }

  static Cidr decode(Prefix prefix) {
    return new Cidr(decode(prefix.getAddress()), prefix.getLength());
  }

  static List<ByteString> encodeAddresses(List<IpAddress> addresses) {
    return addresses.stream().map(ItemCodec::encode).toList();
  }

  static List<IpAddress> decodeAddresses(List<ByteString> addresses) {
    return addresses.stream().map(ItemCodec::decode).toList();
  }

  private static ByteString encode(IpAddress address) {
    return ByteString.copyFrom(address.toBytes());
  }

  private static IpAddress decode(ByteString bytes) {
    return IpAddress.ofBytes(bytes.toByteArray());
  }

  static List<io.ocicat.sync.wire.NamedPort> encodePorts(List<NamedPort> ports) {
    return ports.stream()
        .map(
            port ->
                io.ocicat.sync.wire.NamedPort.newBuilder()
                    .setName(port.name())
                    .setProtocol(port.protocol())
                    .setPort(port.port())
                    .build())
        .toList();
  }

  static List<NamedPort> decodePorts(List<io.ocicat.sync.wire.NamedPort> ports) {
    return ports.stream()
        .map(port -> new NamedPort(port.getName(), port.getProtocol(), port.getPort()))
        .toList();
  }

  static List<Member> encodeMembers(Collection<GroupMember> members) {
    return members.stream().map(ItemCodec::encode).toList();
  }

  static Member encode(GroupMember member) {
    return Member.newBuilder()
        .setAddress(encode(member.net().address()))
        .setHostBits(member.net().family().bits() - member.net().prefixLength())
        .setProtocol(member.protocol())
        .setPort(member.port())
        .build();
  }

  static Set<GroupMember> decodeMembers(List<Member> members) {
    Set<GroupMember> decoded = new HashSet<>();
    for (Member member : members) {
      IpAddress address = decode(member.getAddress());
      Cidr net = new Cidr(address, address.family().bits() - member.getHostBits());
      decoded.add(new GroupMember(net, member.getProtocol(), member.getPort()));
    }
    return decoded;
  }

  static Key encode(ItemKey key) {
    Kind kind =
        switch (key.kind()) {
          case POLICY -> Kind.POLICY;
          case POOL -> Kind.POOL;
          case NAMESPACE -> Kind.NAMESPACE;
          case POD -> Kind.POD;
          case BLOCK -> Kind.BLOCK;
          case GROUP -> Kind.GROUP;
          case CLUSTER -> Kind.CLUSTER;
          case TIER -> Kind.TIER;
          case INSPECTION -> Kind.INSPECTION;
          case HOST_ENDPOINT -> Kind.HOST_ENDPOINT;
          case CONFIGURATION -> Kind.CONFIGURATION;
          case ROUTING -> Kind.ROUTING;
          case NODE -> Kind.NODE;
          case SERVICE -> Kind.SERVICE;
          case PASSWORD -> Kind.PASSWORD;
          case STATUS_REQUEST -> Kind.STATUS_REQUEST;
        };
    return Key.newBuilder().setKind(kind).setNamespace(key.namespace()).setName(key.name()).build();
  }

  static Optional<ItemKey> decode(Key key) {
    Optional<ItemKey.Kind> kind =
        switch (key.getKind()) {
          case POLICY -> Optional.of(ItemKey.Kind.POLICY);
          case POOL -> Optional.of(ItemKey.Kind.POOL);
          case NAMESPACE -> Optional.of(ItemKey.Kind.NAMESPACE);
          case POD -> Optional.of(ItemKey.Kind.POD);
          case BLOCK -> Optional.of(ItemKey.Kind.BLOCK);
          case GROUP -> Optional.of(ItemKey.Kind.GROUP);
          case CLUSTER -> Optional.of(ItemKey.Kind.CLUSTER);
          case TIER -> Optional.of(ItemKey.Kind.TIER);
          case INSPECTION -> Optional.of(ItemKey.Kind.INSPECTION);
          case HOST_ENDPOINT -> Optional.of(ItemKey.Kind.HOST_ENDPOINT);
          case CONFIGURATION -> Optional.of(ItemKey.Kind.CONFIGURATION);
          case ROUTING -> Optional.of(ItemKey.Kind.ROUTING);
          case NODE -> Optional.of(ItemKey.Kind.NODE);
          case SERVICE -> Optional.of(ItemKey.Kind.SERVICE);
          case PASSWORD -> Optional.of(ItemKey.Kind.PASSWORD);
          case STATUS_REQUEST -> Optional.of(ItemKey.Kind.STATUS_REQUEST);
          case KIND_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    return kind.map(known -> new ItemKey(known, key.getNamespace(), key.getName()));
  }
}
