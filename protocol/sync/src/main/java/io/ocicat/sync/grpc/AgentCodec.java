package io.ocicat.sync.grpc;

import io.ocicat.sync.Endpoint;
import io.ocicat.sync.EndpointKey;
import io.ocicat.sync.FromAgent;
import io.ocicat.sync.NodeReport;
import io.ocicat.sync.Notice;
import io.ocicat.sync.PodName;
import io.ocicat.sync.PodTrouble;
import io.ocicat.sync.wire.Ack;
import io.ocicat.sync.wire.EndpointReport;
import io.ocicat.sync.wire.Hello;
import io.ocicat.sync.wire.Subscribe;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What agents say, as protobuf. */
final class AgentCodec {

  private AgentCodec() {}

  static io.ocicat.sync.wire.FromAgent encode(FromAgent message) {
    io.ocicat.sync.wire.FromAgent.Builder builder = io.ocicat.sync.wire.FromAgent.newBuilder();
    return switch (message) {
      case FromAgent.Hello hello ->
          builder
              .setHello(
                  Hello.newBuilder()
                      .setNode(hello.node())
                      .setVersion(hello.version())
                      .setDialect(Dialect.OWN)
                      .setEpoch(hello.epoch())
                      .setGeneration(hello.generation())
                      .addAllGroups(hello.groups())
                      .addAllHeldGroups(hello.heldGroups()))
              .build();
      case FromAgent.Subscribe(var add, var remove) ->
          builder.setSubscribe(Subscribe.newBuilder().addAllAdd(add).addAllRemove(remove)).build();
      case FromAgent.Endpoints(var full, var up, var down) ->
          builder
              .setEndpoints(
                  EndpointReport.newBuilder()
                      .setFull(full)
                      .addAllUp(up.stream().map(AgentCodec::encode).toList())
                      .addAllDown(down.stream().map(AgentCodec::encode).toList()))
              .build();
      case FromAgent.Ack(var generation) ->
          builder.setAck(Ack.newBuilder().setGeneration(generation)).build();
      case FromAgent.Node(var report) -> builder.setNode(encode(report)).build();
      case FromAgent.Trouble(var trouble) -> builder.setTrouble(encode(trouble)).build();
      case FromAgent.Noticed(Notice.Logged logged) ->
          builder.setLogged(NoticeCodec.encode(logged)).build();
      case FromAgent.Noticed(Notice.Repaired repaired) ->
          builder.setRepaired(NoticeCodec.encode(repaired)).build();
      case FromAgent.Noticed(Notice.Inspected inspected) ->
          builder.setInspected(NoticeCodec.encode(inspected)).build();
      case FromAgent.Noticed(Notice.Unmet unmet) ->
          builder.setUnmet(NoticeCodec.encode(unmet)).build();
      case FromAgent.Noticed(Notice.Routed routed) ->
          builder.setRouted(RoutingCodec.encode(routed)).build();
    };
  }

  /**
   * @return empty for a message of a later version
   * @throws IllegalArgumentException if an address in it is none
   */
  static Optional<FromAgent> decode(io.ocicat.sync.wire.FromAgent message) {
    return switch (message.getMessageCase()) {
      case HELLO -> {
        Hello hello = message.getHello();
        Dialect.check(hello.getDialect());
        yield Optional.of(
            new FromAgent.Hello(
                hello.getNode(),
                hello.getVersion(),
                hello.getEpoch(),
                hello.getGeneration(),
                Set.copyOf(hello.getGroupsList()),
                Set.copyOf(hello.getHeldGroupsList())));
      }
      case SUBSCRIBE ->
          Optional.of(
              new FromAgent.Subscribe(
                  Set.copyOf(message.getSubscribe().getAddList()),
                  Set.copyOf(message.getSubscribe().getRemoveList())));
      case ENDPOINTS -> {
        EndpointReport report = message.getEndpoints();
        List<Endpoint> up = report.getUpList().stream().map(AgentCodec::decode).toList();
        List<EndpointKey> down = report.getDownList().stream().map(AgentCodec::decode).toList();
        yield Optional.of(new FromAgent.Endpoints(report.getFull(), up, down));
      }
      case ACK -> Optional.of(new FromAgent.Ack(message.getAck().getGeneration()));
      case NODE -> Optional.of(new FromAgent.Node(decode(message.getNode())));
      case TROUBLE -> Optional.of(new FromAgent.Trouble(decode(message.getTrouble())));
      case LOGGED -> Optional.of(new FromAgent.Noticed(NoticeCodec.decode(message.getLogged())));
      case REPAIRED ->
          Optional.of(new FromAgent.Noticed(NoticeCodec.decode(message.getRepaired())));
      case INSPECTED ->
          Optional.of(new FromAgent.Noticed(NoticeCodec.decode(message.getInspected())));
      case UNMET -> Optional.of(new FromAgent.Noticed(NoticeCodec.decode(message.getUnmet())));
      case ROUTED -> Optional.of(new FromAgent.Noticed(RoutingCodec.decode(message.getRouted())));
      case MESSAGE_NOT_SET -> Optional.empty();
    };
  }

  private static io.ocicat.sync.wire.Endpoint encode(Endpoint endpoint) {
    return io.ocicat.sync.wire.Endpoint.newBuilder()
        .setKey(encode(endpoint.key()))
        .setNamespace(endpoint.namespace())
        .setPod(endpoint.pod())
        .setPodUid(endpoint.podUid())
        .addAllAddresses(ItemCodec.encodeAddresses(endpoint.addresses()))
        .setHostInterface(endpoint.hostInterface())
        .setMac(endpoint.mac())
        .putAllLabels(endpoint.labels())
        .addAllPorts(ItemCodec.encodePorts(endpoint.ports()))
        .build();
  }

  private static Endpoint decode(io.ocicat.sync.wire.Endpoint endpoint) {
    return new Endpoint(
        decode(endpoint.getKey()),
        endpoint.getNamespace(),
        endpoint.getPod(),
        endpoint.getPodUid(),
        ItemCodec.decodeAddresses(endpoint.getAddressesList()),
        endpoint.getHostInterface(),
        endpoint.getMac(),
        endpoint.getLabelsMap(),
        ItemCodec.decodePorts(endpoint.getPortsList()));
  }

  private static io.ocicat.sync.wire.EndpointKey encode(EndpointKey key) {
    return io.ocicat.sync.wire.EndpointKey.newBuilder()
        .setContainerId(key.containerId())
        .setInterface(key.interfaceName())
        .build();
  }

  private static EndpointKey decode(io.ocicat.sync.wire.EndpointKey key) {
    return new EndpointKey(key.getContainerId(), key.getInterface());
  }

  private static io.ocicat.sync.wire.NodeReport encode(NodeReport report) {
    return io.ocicat.sync.wire.NodeReport.newBuilder()
        .addAllAddresses(ItemCodec.encodeAddresses(report.addresses()))
        .putAllLabels(report.labels())
        .setReady(report.ready())
        .putAllCounters(report.counters())
        .addAllProblems(report.problems())
        .build();
  }

  private static NodeReport decode(io.ocicat.sync.wire.NodeReport report) {
    return new NodeReport(
        ItemCodec.decodeAddresses(report.getAddressesList()),
        report.getLabelsMap(),
        report.getReady(),
        report.getCountersMap(),
        report.getProblemsList());
  }

  private static io.ocicat.sync.wire.PodTrouble encode(PodTrouble trouble) {
    return io.ocicat.sync.wire.PodTrouble.newBuilder()
        .setNamespace(trouble.pod().namespace())
        .setPod(trouble.pod().name())
        .setPodUid(trouble.uid())
        .setReason(trouble.reason())
        .setMessage(trouble.message())
        .build();
  }

  private static PodTrouble decode(io.ocicat.sync.wire.PodTrouble trouble) {
    return new PodTrouble(
        new PodName(trouble.getNamespace(), trouble.getPod()),
        trouble.getPodUid(),
        trouble.getReason(),
        trouble.getMessage());
  }
}
