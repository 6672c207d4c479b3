package io.ocicat.sync.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.sync.BlockAnswer;
import io.ocicat.sync.BlockRequest;
import io.ocicat.sync.Endpoint;
import io.ocicat.sync.EndpointKey;
import io.ocicat.sync.FromAgent;
import io.ocicat.sync.GroupChange;
import io.ocicat.sync.GroupMember;
import io.ocicat.sync.ItemKey;
import io.ocicat.sync.LoggedFlow;
import io.ocicat.sync.NamedPort;
import io.ocicat.sync.NodeReport;
import io.ocicat.sync.NodeRouting;
import io.ocicat.sync.Notice;
import io.ocicat.sync.PodAnswer;
import io.ocicat.sync.PodName;
import io.ocicat.sync.PodTrouble;
import io.ocicat.sync.PolicyRef;
import io.ocicat.sync.ReleaseAnswer;
import io.ocicat.sync.SyncDelta;
import io.ocicat.sync.SyncItem;
import io.ocicat.sync.wire.Delta;
import io.ocicat.sync.wire.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CodecTest {

  @Test
  void deltasComeBackAsTheyWere() throws InvalidProtocolBufferException {
    SyncDelta delta =
        new SyncDelta(
            "e",
            7,
            false,
            TableFileTest.ONE_OF_EACH.upserts(),
            List.of(
                ItemKey.policy("NetworkPolicy", "ns", "gone"),
                new ItemKey(ItemKey.Kind.POD, "ns", "gone"),
                ItemKey.group("gone"),
                new ItemKey(ItemKey.Kind.HOST_ENDPOINT, "", "gone"),
                new ItemKey(ItemKey.Kind.CONFIGURATION, "", "gone"),
                ItemKey.routing("BGPPeer", "gone"),
                new ItemKey(ItemKey.Kind.NODE, "", "gone"),
                new ItemKey(ItemKey.Kind.SERVICE, "ns", "gone"),
                new ItemKey(ItemKey.Kind.PASSWORD, "", "gone/key"),
                new ItemKey(ItemKey.Kind.STATUS_REQUEST, "", "gone"),
                ItemKey.CLUSTER),
            List.of(
                new GroupChange(
                    "g2",
                    Set.of(new GroupMember(IpAddress.parse("10.0.0.9"))),
                    Set.of(new GroupMember(Cidr.parse("10.0.0.8/32"), 6, 80)))));
    assertThat(passed(delta)).isEqualTo(delta);
    assertThat(passed(SyncDelta.marker("e", 8))).isEqualTo(SyncDelta.marker("e", 8));
  }

  @Test
  void aLargeDeltaTakesSeveralMessagesAndEffectWithTheLast() throws InvalidProtocolBufferException {
    List<SyncItem> items = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      items.add(new SyncItem.Policy("NetworkPolicy", "ns", "p" + i, "x".repeat(20_000)));
    }
    SyncDelta delta = new SyncDelta("e", 7, true, items, List.of(), List.of());
    List<Delta> messages = DeltaCodec.encode(delta);
    assertThat(messages).hasSizeGreaterThan(3);
    assertThat(messages).allMatch(each -> each.getSerializedSize() < 300_000);
    assertThat(messages.stream().filter(Delta::getComplete)).containsExactly(messages.getLast());
    assertThat(passed(delta)).isEqualTo(delta);
  }

  private static SyncDelta passed(SyncDelta delta) throws InvalidProtocolBufferException {
    DeltaCodec.Assembler assembler = new DeltaCodec.Assembler();
    Optional<SyncDelta> last = Optional.empty();
    for (Delta message : DeltaCodec.encode(delta)) {
      assertThat(last).isEmpty();
      last = assembler.add(Delta.parseFrom(message.toByteArray()));
    }
    return last.orElseThrow();
  }

  @Test
  void itemsOfALaterVersionAreLeftOut() {
    assertThat(ItemCodec.decode(Item.getDefaultInstance())).isEmpty();
  }

  @Test
  void anAddressOfAnOddLengthIsRefused() {
    Item item =
        Item.newBuilder()
            .setGroup(
                io.ocicat.sync.wire.Group.newBuilder()
                    .setId("g")
                    .addMembers(
                        io.ocicat.sync.wire.Member.newBuilder()
                            .setAddress(ByteString.copyFrom(new byte[] {1, 2, 3}))))
            .build();
    assertThatThrownBy(() -> ItemCodec.decode(item)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatAgentsSayComesBackAsItWas() {
    Endpoint endpoint =
        new Endpoint(
            new EndpointKey("c1", "eth0"),
            "ns",
            "pod",
            "u1",
            List.of(IpAddress.parse("10.0.0.1"), IpAddress.parse("fd00::1")),
            "oci0123456789ab",
            "02:00:00:00:00:01",
            Map.of("a", "b"),
            List.of(new NamedPort("dns", "UDP", 53)));
    List<FromAgent> messages =
        List.of(
            new FromAgent.Hello("n1", "1.0", "e", 3, Set.of("a", "b"), Set.of("a")),
            new FromAgent.Subscribe(Set.of("c"), Set.of("a")),
            new FromAgent.Endpoints(true, List.of(endpoint), List.of()),
            new FromAgent.Endpoints(false, List.of(), List.of(endpoint.key())),
            new FromAgent.Ack(9),
            new FromAgent.Trouble(
                new PodTrouble(new PodName("shop", "web"), "u1", PodTrouble.NO_POOL, "add one")),
            new FromAgent.Noticed(
                new Notice.Logged(
                    List.of(
                        new LoggedFlow(
                            new PodName("shop", "web"),
                            "u1",
                            IpAddress.parse("fd00::7"),
                            6,
                            443,
                            new LoggedFlow.Decision(
                                "deny",
                                "ingress",
                                "default",
                                List.of(new PolicyRef("NetworkPolicy", "shop", "db")),
                                "spec.ingress[0]"),
                            3,
                            1_700_000_000_123L)),
                    7)),
            new FromAgent.Noticed(new Notice.Repaired("nft", List.of("missing rule"), 2)),
            new FromAgent.Noticed(
                new Notice.Inspected(
                    "u2",
                    12,
                    List.of("missing rule"),
                    25,
                    4,
                    List.of("foreign chain x"),
                    List.of(
                        new Notice.RuleCount(
                            new PolicyRef("GlobalNetworkPolicy", "", "g"),
                            "egress",
                            "spec.egress[1]",
                            5,
                            300)))),
            new FromAgent.Noticed(
                new Notice.Unmet(
                    List.of(new Notice.Unfulfilled("BGPPeer/rack", "spec.password", "waits")))),
            new FromAgent.Noticed(
                new Notice.Routed(
                    "s",
                    "u",
                    new NodeRouting(
                        new NodeRouting.Speaker(
                            Set.of(IpFamily.IPV4, IpFamily.IPV6), "1.0", "192.0.2.1", 5, 7),
                        List.of(
                            new NodeRouting.Session(
                                "fe80::1%eth0",
                                IpFamily.IPV6, NodeRouting.Origin.NODE_PEER, "Established", 9)),
                        List.of(
                            new NodeRouting.Route(
                                Cidr.parse("10.0.0.64/26"),
                                true,
                                "192.0.2.2",
                                "eth0",
                                NodeRouting.Source.NODE_MESH,
                                "192.0.2.2")),
                        12))),
            new FromAgent.Node(
                new NodeReport(
                    List.of(IpAddress.parse("192.0.2.1")),
                    Map.of("zone", "a"),
                    true,
                    Map.of("routes", 2L),
                    List.of("a sentence"))));
    for (FromAgent message : messages) {
      assertThat(AgentCodec.decode(AgentCodec.encode(message))).contains(message);
    }
  }

  @Test
  void answersComeBackAsTheyWere() {
    SyncItem.Block block =
        new SyncItem.Block(
            Cidr.parse("10.0.0.64/26"), "p", "n1", List.of(IpAddress.parse("192.0.2.1")));
    List<BlockAnswer> answers =
        List.of(
            new BlockAnswer.Leased(block),
            new BlockAnswer.PoolExhausted(List.of("p")),
            new BlockAnswer.PoolDisabled(List.of("p", "q")),
            new BlockAnswer.NoPoolForNode(List.of()));
    for (BlockAnswer answer : answers) {
      assertThat(AnswerCodec.decode(AnswerCodec.encode(answer))).isEqualTo(answer);
    }
    for (PodAnswer answer :
        List.of(
            new PodAnswer.Found(
                new SyncItem.LocalPod("ns", "p", "u", Map.of(), "sa", Map.of("a", "b"), List.of()),
                Map.of("k", "v")),
            new PodAnswer.NotFound(Map.of("k", "v")))) {
      assertThat(AnswerCodec.decode(AnswerCodec.encode(answer))).isEqualTo(answer);
    }
    for (ReleaseAnswer answer :
        List.of(new ReleaseAnswer.Released(), new ReleaseAnswer.NotLeased())) {
      assertThat(AnswerCodec.decode(AnswerCodec.encode(answer))).isEqualTo(answer);
    }
    BlockRequest request = new BlockRequest(IpFamily.IPV6, List.of("p"));
    assertThat(AnswerCodec.decode(AnswerCodec.encode(request))).isEqualTo(request);
  }
}
