package io.ocicat.sync.grpc;

import io.ocicat.sync.LoggedFlow;
import io.ocicat.sync.Notice;
import io.ocicat.sync.PodName;
import io.ocicat.sync.PolicyRef;
import io.ocicat.sync.wire.Inspected;
import io.ocicat.sync.wire.Logged;
import io.ocicat.sync.wire.Repaired;
import io.ocicat.sync.wire.RuleCount;
import io.ocicat.sync.wire.Unfulfilled;
import io.ocicat.sync.wire.Unmet;
import java.util.List;

/** Notices as protobuf. */
final class NoticeCodec {

  private NoticeCodec() {}

  static Logged encode(Notice.Logged logged) {
    return Logged.newBuilder()
        .addAllFlows(logged.flows().stream().map(NoticeCodec::encode).toList())
        .setLost(logged.lost())
        .build();
  }

  static Notice.Logged decode(Logged logged) {
    return new Notice.Logged(
        logged.getFlowsList().stream().map(NoticeCodec::decode).toList(), logged.getLost());
  }

  private static io.ocicat.sync.wire.LoggedFlow encode(LoggedFlow flow) {
    return io.ocicat.sync.wire.LoggedFlow.newBuilder()
        .setNamespace(flow.pod().namespace())
        .setPod(flow.pod().name())
        .setPodUid(flow.podUid())
        .setPeer(ItemCodec.encodeAddresses(List.of(flow.peer())).getFirst())
        .setProtocol(flow.protocol())
        .setPort(flow.port())
        .setAction(flow.decision().action())
        .setDirection(flow.decision().direction())
        .setTier(flow.decision().tier())
        .addAllPolicies(flow.decision().policies().stream().map(NoticeCodec::encode).toList())
        .setRule(flow.decision().rule())
        .setPackets(flow.packets())
        .setAtMillis(flow.atMillis())
        .build();
  }

  private static LoggedFlow decode(io.ocicat.sync.wire.LoggedFlow flow) {
    return new LoggedFlow(
        new PodName(flow.getNamespace(), flow.getPod()),
        flow.getPodUid(),
        ItemCodec.decodeAddresses(List.of(flow.getPeer())).getFirst(),
        flow.getProtocol(),
        flow.getPort(),
        new LoggedFlow.Decision(
            flow.getAction(),
            flow.getDirection(),
            flow.getTier(),
            flow.getPoliciesList().stream().map(NoticeCodec::decode).toList(),
            flow.getRule()),
        flow.getPackets(),
        flow.getAtMillis());
  }

  static io.ocicat.sync.wire.PolicyRef encode(PolicyRef policy) {
    return io.ocicat.sync.wire.PolicyRef.newBuilder()
        .setKind(policy.kind())
        .setNamespace(policy.namespace())
        .setName(policy.name())
        .build();
  }

  static PolicyRef decode(io.ocicat.sync.wire.PolicyRef policy) {
    return new PolicyRef(policy.getKind(), policy.getNamespace(), policy.getName());
  }

  static Repaired encode(Notice.Repaired repaired) {
    return Repaired.newBuilder()
        .setWhat(repaired.what())
        .addAllChanges(repaired.changes())
        .setCount(repaired.count())
        .build();
  }

  static Notice.Repaired decode(Repaired repaired) {
    return new Notice.Repaired(repaired.getWhat(), repaired.getChangesList(), repaired.getCount());
  }

  static Inspected encode(Notice.Inspected inspected) {
    return Inspected.newBuilder()
        .setInspection(inspected.inspection())
        .setGeneration(inspected.generation())
        .addAllDifferences(inspected.differences())
        .setDifferenceCount(inspected.differenceCount())
        .setRepaired(inspected.repaired())
        .addAllLastRepaired(inspected.lastRepaired())
        .addAllCounts(inspected.counts().stream().map(NoticeCodec::encode).toList())
        .build();
  }

  static Notice.Inspected decode(Inspected inspected) {
    return new Notice.Inspected(
        inspected.getInspection(),
        inspected.getGeneration(),
        inspected.getDifferencesList(),
        inspected.getDifferenceCount(),
        inspected.getRepaired(),
        inspected.getLastRepairedList(),
        inspected.getCountsList().stream().map(NoticeCodec::decode).toList());
  }

  static Unmet encode(Notice.Unmet unmet) {
    return Unmet.newBuilder()
        .addAllList(
            unmet.list().stream()
                .map(
                    each ->
                        Unfulfilled.newBuilder()
                            .setObject(each.object())
                            .setField(each.field())
                            .setText(each.text())
                            .build())
                .toList())
        .build();
  }

  static Notice.Unmet decode(Unmet unmet) {
    return new Notice.Unmet(
        unmet.getListList().stream()
            .map(each -> new Notice.Unfulfilled(each.getObject(), each.getField(), each.getText()))
            .toList());
  }

  private static RuleCount encode(Notice.RuleCount count) {
    return RuleCount.newBuilder()
        .setPolicy(encode(count.policy()))
        .setDirection(count.direction())
        .setRule(count.rule())
        .setPackets(count.packets())
        .setBytes(count.bytes())
        .build();
  }

  private static Notice.RuleCount decode(RuleCount count) {
    return new Notice.RuleCount(
        decode(count.getPolicy()),
        count.getDirection(),
        count.getRule(),
        count.getPackets(),
        count.getBytes());
  }
}
