package io.ocicat.sync.grpc;

import io.ocicat.inet.IpFamily;
import io.ocicat.sync.NodeRouting;
import io.ocicat.sync.Notice;
import io.ocicat.sync.SyncItem;
import io.ocicat.sync.wire.Node;
import io.ocicat.sync.wire.Password;
import io.ocicat.sync.wire.Route;
import io.ocicat.sync.wire.Routed;
import io.ocicat.sync.wire.Routing;
import io.ocicat.sync.wire.Service;
import io.ocicat.sync.wire.Session;
import io.ocicat.sync.wire.Speaker;
import io.ocicat.sync.wire.StatusRequest;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What nodes need to speak BGP, and what they tell of it, as protobuf. */
final class RoutingCodec {

  private RoutingCodec() {}

  static Routing encode(SyncItem.Routing routing) {
    return Routing.newBuilder()
        .setKind(routing.kind())
        .setName(routing.name())
        .setDocument(routing.document())
        .build();
  }

  static SyncItem decode(Routing routing) {
    return new SyncItem.Routing(routing.getKind(), routing.getName(), routing.getDocument());
  }

  static Node encode(SyncItem.Node node) {
    return Node.newBuilder()
        .setName(node.name())
        .addAllAddresses(ItemCodec.encodeAddresses(node.addresses()))
        .putAllLabels(node.labels())
        .putAllAnnotations(node.annotations())
        .build();
  }

  static SyncItem decode(Node node) {
    return new SyncItem.Node(
        node.getName(),
        ItemCodec.decodeAddresses(node.getAddressesList()),
        node.getLabelsMap(),
        node.getAnnotationsMap());
  }

  static Service encode(SyncItem.Service service) {
    return Service.newBuilder()
        .setNamespace(service.namespace())
        .setName(service.name())
        .addAllClusterAddresses(ItemCodec.encodeAddresses(service.clusterAddresses()))
        .addAllExternalAddresses(ItemCodec.encodeAddresses(service.externalAddresses()))
        .addAllBalancedAddresses(ItemCodec.encodeAddresses(service.balancedAddresses()))
        .setLocalTraffic(service.localTraffic())
        .build();
  }

  static SyncItem decode(Service service) {
    return new SyncItem.Service(
        service.getNamespace(),
        service.getName(),
        ItemCodec.decodeAddresses(service.getClusterAddressesList()),
        ItemCodec.decodeAddresses(service.getExternalAddressesList()),
        ItemCodec.decodeAddresses(service.getBalancedAddressesList()),
        service.getLocalTraffic());
  }

  static Password encode(SyncItem.Password password) {
    return Password.newBuilder()
        .setSecret(password.secret())
        .setField(password.field())
        .setText(password.text())
        .build();
  }

  static SyncItem decode(Password password) {
    return new SyncItem.Password(password.getSecret(), password.getField(), password.getText());
  }

  static StatusRequest encode(SyncItem.StatusRequest request) {
    return StatusRequest.newBuilder()
        .setName(request.name())
        .setUid(request.uid())
        .addAllParts(request.parts().stream().map(NodeRouting.Part::word).sorted().toList())
        .setPeriodSeconds(request.periodSeconds())
        .build();
  }

  /** A part of a later version is left out. */
  static SyncItem decode(StatusRequest request) {
    Set<NodeRouting.Part> parts = EnumSet.noneOf(NodeRouting.Part.class);
    for (String word : request.getPartsList()) {
      called(word, NodeRouting.Part.values(), NodeRouting.Part::word).ifPresent(parts::add);
    }
    return new SyncItem.StatusRequest(
        request.getName(), request.getUid(), parts, request.getPeriodSeconds());
  }

  static Routed encode(Notice.Routed routed) {
    NodeRouting routing = routed.routing();
    NodeRouting.Speaker speaker = routing.speaker();
    return Routed.newBuilder()
        .setRequest(routed.request())
        .setUid(routed.uid())
        .setSpeaker(
            Speaker.newBuilder()
                .setV4(speaker.families().contains(IpFamily.IPV4))
                .setV6(speaker.families().contains(IpFamily.IPV6))
                .setVersion(speaker.version())
                .setRouterId(speaker.routerId())
                .setBootMillis(speaker.bootMillis())
                .setReconfiguredMillis(speaker.reconfiguredMillis()))
        .addAllSessions(routing.sessions().stream().map(RoutingCodec::encode).toList())
        .addAllRoutes(routing.routes().stream().map(RoutingCodec::encode).toList())
        .setRouteCount(routing.routeCount())
        .build();
  }

  static Notice.Routed decode(Routed routed) {
    Speaker speaker = routed.getSpeaker();
    Set<IpFamily> families = EnumSet.noneOf(IpFamily.class);
    if (speaker.getV4()) {
      families.add(IpFamily.IPV4);
    }
    if (speaker.getV6()) {
      families.add(IpFamily.IPV6);
    }
    return new Notice.Routed(
        routed.getRequest(),
        routed.getUid(),
        new NodeRouting(
            new NodeRouting.Speaker(
                families,
                speaker.getVersion(),
                speaker.getRouterId(),
                speaker.getBootMillis(),
                speaker.getReconfiguredMillis()),
            routed.getSessionsList().stream().map(RoutingCodec::decode).toList(),
            routed.getRoutesList().stream().map(RoutingCodec::decode).toList(),
            routed.getRouteCount()));
  }

  private static Session encode(NodeRouting.Session session) {
    return Session.newBuilder()
        .setPeer(session.peer())
        .setV6(session.family() == IpFamily.IPV6)
        .setOrigin(session.origin().word())
        .setState(session.state())
        .setSinceMillis(session.sinceMillis())
        .build();
  }

  private static NodeRouting.Session decode(Session session) {
    return new NodeRouting.Session(
        session.getPeer(),
        session.getV6() ? IpFamily.IPV6 : IpFamily.IPV4,
        called(session.getOrigin(), NodeRouting.Origin.values(), NodeRouting.Origin::word)
            .orElse(NodeRouting.Origin.GLOBAL_PEER),
        session.getState(),
        session.getSinceMillis());
  }

  private static Route encode(NodeRouting.Route route) {
    return Route.newBuilder()
        .setDestination(ItemCodec.encode(route.destination()))
        .setInstalled(route.installed())
        .setGateway(route.gateway())
        .setDevice(route.device())
        .setSource(route.source().word())
        .setPeer(route.peer())
        .build();
  }

  private static NodeRouting.Route decode(Route route) {
    return new NodeRouting.Route(
        ItemCodec.decode(route.getDestination()),
        route.getInstalled(),
        route.getGateway(),
        route.getDevice(),
        called(route.getSource(), NodeRouting.Source.values(), NodeRouting.Source::word)
            .orElse(NodeRouting.Source.BGP_PEER),
        route.getPeer());
  }

  private static <T> Optional<T> called(String word, T[] all, Function<T, String> reading) {
    return Arrays.stream(all).filter(each -> reading.apply(each).equals(word)).findFirst();
  }
}
