package io.ocicat.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ocicat.libc.Errno;
import io.ocicat.netlink.NetlinkTransport.Reception;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.Test;

class NetlinkSocketTest {

  private static final int TYPE = 0x10;
  private static final int NLMSGERR_ATTR_MSG = 1;
  private static final int NLMSGERR_ATTR_OFFS = 2;

  private static NlRequest request(String operation) {
    return new NlRequest(operation, TYPE, 0, new AttributeWriter(new byte[4]).u32(1, 1));
  }

  private static NetlinkSocket socket(Function<List<NlMessage>, List<Reception>> kernel) {
    return new NetlinkSocket(new FakeNetlinkTransport(kernel), AttributeNames.NUMBERS);
  }

  private static Reception datagram(NlMessage... messages) {
    return new Reception.Messages(List.of(messages));
  }

  private static NlMessage reply(NlMessage to, int type, int flags) {
    return NlMessage.of(
        new NlHeader(0, type, flags, to.header().sequence(), 0), new byte[] {1, 2, 3, 4});
  }

  private static NlMessage done(NlMessage to, int flags) {
    return NlMessage.of(
        new NlHeader(0, NlHeader.NLMSG_DONE, flags, to.header().sequence(), 0), new byte[4]);
  }

  @Test
  void returnsTheRepliesBeforeTheAcknowledgement() {
    NetlinkSocket socket =
        socket(
            sent ->
                List.of(
                    datagram(reply(sent.getFirst(), TYPE, 0)),
                    datagram(FakeNetlinkTransport.ack(sent.getFirst(), 0))));
    assertThat(socket.execute(request("ask"))).hasSize(1);
  }

  @Test
  void asksForAnAcknowledgementOfEachRequestAndNumbersThem() {
    FakeNetlinkTransport kernel = FakeNetlinkTransport.agreeable();
    NetlinkSocket socket = new NetlinkSocket(kernel, AttributeNames.NUMBERS);
    assertThat(socket.executeAll(List.of(request("a"), request("b")))).hasSize(2);
    socket.execute(request("c"));
    List<NlMessage> first = kernel.sent().getFirst();
    assertThat(first).extracting(m -> m.header().sequence()).containsExactly(1, 2);
    assertThat(first)
        .allMatch(m -> (m.header().flags() & NlFlags.ACK) != 0)
        .allMatch(m -> (m.header().flags() & NlFlags.REQUEST) != 0);
    assertThat(kernel.sent().get(1).getFirst().header().sequence()).isEqualTo(3);
  }

  @Test
  void asksForOneAcknowledgementOfABatchAndTellsWhatWasRefused() {
    NlBatch batch = new NlBatch();
    for (int i = 0; i < 300; i++) {
      batch.add(TYPE, NlFlags.CREATE, new AttributeWriter(new byte[4]).bytes(1, new byte[i % 7]));
    }
    FakeNetlinkTransport kernel =
        new FakeNetlinkTransport(
            sent ->
                List.of(
                    datagram(FakeNetlinkTransport.ack(sent.get(7), -17)),
                    datagram(FakeNetlinkTransport.ack(sent.get(299), 0))));
    NetlinkSocket socket = new NetlinkSocket(kernel, AttributeNames.NUMBERS);
    assertThat(socket.carryOut(batch, index -> "add thing " + index))
        .singleElement()
        .satisfies(refusal -> assertThat(refusal.index()).isEqualTo(7))
        .satisfies(
            refusal ->
                assertThat(refusal.cause()).hasMessageContaining("add thing 7").is(eexist()));
    List<NlMessage> sent = kernel.sent().getFirst();
    assertThat(sent).hasSize(300).allMatch(m -> m.header().has(NlFlags.CREATE));
    assertThat(sent.stream().filter(m -> m.header().has(NlFlags.ACK)))
        .containsExactly(sent.get(299));
    assertThat(sent.get(6).payloadBytes()).hasSize(4 + 4 + 8);
  }

  private static Condition<NetlinkException> eexist() {
    return new Condition<>(cause -> cause.is(Errno.EEXIST), "EEXIST");
  }

  @Test
  void handsOutADumpOneByOneAndSaysWhetherItIsOneState() {
    List<NlMessage> told = new ArrayList<>();
    NetlinkSocket socket =
        socket(
            sent ->
                List.of(
                    datagram(reply(sent.getFirst(), TYPE, 0), reply(sent.getFirst(), TYPE, 0)),
                    datagram(done(sent.getFirst(), 0))));
    assertThat(socket.dump(request("list"), told::add)).isTrue();
    assertThat(told).hasSize(2);
    NetlinkSocket restless =
        socket(sent -> List.of(datagram(done(sent.getFirst(), NlFlags.DUMP_INTR))));
    assertThat(restless.dump(request("list"), told::add)).isFalse();
  }

  @Test
  void tellsARefusalWithTheKernelsSentenceAndTheAttribute() {
    NlRequest request =
        new NlRequest(
            "add thing",
            TYPE,
            0,
            new AttributeWriter(new byte[4])
                .u32(1, 1)
                .nested(2, inner -> inner.u32(7, 1).u32(8, 2)));
    // 16 of the header, 4 fixed, 8 of the first attribute, 4 of the nest, 8 of attribute 7.
    AttributeWriter extAck =
        new AttributeWriter()
            .string(NLMSGERR_ATTR_MSG, "no such colour")
            .u32(NLMSGERR_ATTR_OFFS, 16 + 4 + 8 + 4 + 8);
    NetlinkSocket socket =
        socket(sent -> List.of(datagram(FakeNetlinkTransport.ack(sent.getFirst(), -22, extAck))));
    assertThatThrownBy(() -> socket.execute(request))
        .isInstanceOfSatisfying(
            NetlinkException.class,
            e -> {
              assertThat(e.errno()).isEqualTo(Errno.EINVAL);
              assertThat(e.kernelMessage()).isEqualTo("no such colour");
              assertThat(e.attribute()).isEqualTo("2/8");
            })
        .hasMessage(
            "cannot add thing: EINVAL (Invalid argument), the kernel says: no such colour, at 2/8");
  }

  @Test
  void goesOnAfterARefusedRequest() {
    NetlinkSocket socket =
        socket(
            sent ->
                List.of(
                    datagram(FakeNetlinkTransport.ack(sent.get(0), -17)),
                    datagram(FakeNetlinkTransport.ack(sent.get(1), 0))));
    List<Answer> answers = socket.executeAll(List.of(request("a"), request("b")));
    assertThat(answers.get(0))
        .isInstanceOfSatisfying(
            Answer.Refused.class, r -> assertThat(r.cause().is(Errno.EEXIST)).isTrue());
    assertThat(answers.get(1)).isInstanceOf(Answer.Acknowledged.class);
  }

  @Test
  void ignoresWhatIsLeftOverFromAnEarlierExchange() {
    List<NlMessage> earlier = new ArrayList<>();
    NetlinkSocket socket =
        socket(
            sent -> {
              if (earlier.isEmpty()) {
                earlier.addAll(sent);
                return List.of();
              }
              return List.of(
                  datagram(FakeNetlinkTransport.ack(earlier.getFirst(), -1)),
                  datagram(FakeNetlinkTransport.ack(sent.getFirst(), 0)));
            });
    assertThatThrownBy(() -> socket.execute(request("a")))
        .isInstanceOfSatisfying(
            NetlinkException.class, e -> assertThat(e.is(Errno.ETIMEDOUT)).isTrue());
    assertThat(socket.execute(request("b"))).isEmpty();
  }

  @Test
  void saysThatAnswersWereLost() {
    NetlinkSocket socket = socket(_ -> List.of(new Reception.Overrun()));
    assertThatThrownBy(() -> socket.execute(request("a")))
        .isInstanceOfSatisfying(
            NetlinkException.class, e -> assertThat(e.is(Errno.ENOBUFS)).isTrue());
  }

  @Test
  void startsADumpAgainThatWasInterrupted() {
    int[] attempts = new int[1];
    NetlinkSocket socket =
        socket(
            sent -> {
              NlMessage request = sent.getFirst();
              assertThat(request.header().flags() & NlFlags.DUMP).isEqualTo(NlFlags.DUMP);
              attempts[0]++;
              int flags = attempts[0] < 3 ? NlFlags.DUMP_INTR : 0;
              return List.of(
                  datagram(reply(request, TYPE, NlFlags.MULTI), reply(request, TYPE, flags)),
                  datagram(done(request, 0)));
            });
    assertThat(socket.dump(request("list"))).hasSize(2);
    assertThat(attempts[0]).isEqualTo(3);
  }

  @Test
  void startsADumpAgainWhoseMessageWasTooLong() {
    int[] attempts = new int[1];
    NetlinkSocket socket =
        socket(
            sent -> {
              attempts[0]++;
              Reception first =
                  attempts[0] == 1
                      ? new Reception.Truncated(100_000)
                      : datagram(reply(sent.getFirst(), TYPE, 0));
              return List.of(first, datagram(done(sent.getFirst(), 0)));
            });
    assertThat(socket.dump(request("list"))).hasSize(1);
  }

  @Test
  void givesUpOnADumpThatIsAlwaysInterrupted() {
    NetlinkSocket socket =
        socket(sent -> List.of(datagram(done(sent.getFirst(), NlFlags.DUMP_INTR))));
    assertThatThrownBy(() -> socket.dump(request("list")))
        .isInstanceOfSatisfying(
            NetlinkException.class, e -> assertThat(e.is(Errno.EBUSY)).isTrue());
  }

  private static BatchOutcome transact(Function<List<NlMessage>, List<Reception>> kernel) {
    return socket(kernel)
        .transact(request("begin"), List.of(request("x"), request("y")), request("end"));
  }

  @Test
  void commitsABatchWhoseLastMessageIsAcknowledged() {
    BatchOutcome outcome =
        transact(
            sent -> {
              assertThat(sent).hasSize(4);
              assertThat(sent.get(1).header().flags() & NlFlags.ACK).isZero();
              assertThat(sent.get(2).header().flags() & NlFlags.ACK).isNotZero();
              return List.of(datagram(FakeNetlinkTransport.ack(sent.get(2), 0)));
            });
    assertThat(outcome).isEqualTo(new BatchOutcome.Committed(List.of()));
  }

  @Test
  void tellsEachMessageOfABatchThatFailed() {
    BatchOutcome outcome =
        transact(
            sent ->
                List.of(
                    datagram(FakeNetlinkTransport.ack(sent.get(1), -2)),
                    datagram(FakeNetlinkTransport.ack(sent.get(2), 0))));
    assertThat(outcome)
        .isInstanceOfSatisfying(
            BatchOutcome.Refused.class,
            refused ->
                assertThat(refused.failures())
                    .singleElement()
                    .satisfies(f -> assertThat(f.index()).isZero())
                    .satisfies(f -> assertThat(f.cause().operation()).isEqualTo("x"))
                    .satisfies(f -> assertThat(f.cause().is(Errno.ENOENT)).isTrue()));
  }

  @Test
  void tellsThatABatchWasRefusedAsAWhole() {
    BatchOutcome outcome =
        transact(sent -> List.of(datagram(FakeNetlinkTransport.ack(sent.getFirst(), -85))));
    assertThat(outcome)
        .isInstanceOfSatisfying(
            BatchOutcome.Refused.class,
            refused -> {
              assertThat(refused.failures().getFirst().index()).isEqualTo(-1);
              assertThat(refused.failures().getFirst().cause().is(Errno.ERESTART)).isTrue();
            });
  }

  @Test
  void doesNotCallABatchCommittedWhoseAnswerWasLost() {
    for (List<Reception> lost :
        List.of(List.<Reception>of(), List.<Reception>of(new Reception.Overrun()))) {
      assertThatThrownBy(() -> transact(_ -> lost)).isInstanceOf(NetlinkException.class);
    }
  }

  @Test
  void deliversNotificationsAndTellsWhenSomeAreLost() {
    FakeNetlinkTransport kernel = FakeNetlinkTransport.agreeable();
    try (NetlinkSubscription subscription = new NetlinkSubscription(kernel, 7, 1)) {
      kernel.deliver(new Reception.Overrun());
      assertThat(kernel.groups()).containsExactly(1, 7);
      assertThat(subscription.receive(0)).isInstanceOf(Reception.Overrun.class);
      assertThat(subscription.receive(0)).isInstanceOf(Reception.Nothing.class);
    }
  }

  @Test
  void refusesMessagesWhoseLengthDoesNotFit() {
    byte[] header = NlMessage.of(new NlHeader(0, TYPE, 0, 1, 0), new byte[4]).encode();
    header[0] = 40;
    assertThatThrownBy(() -> NlMessage.parse(header)).isInstanceOf(NetlinkDecodeException.class);
    header[0] = 3;
    assertThatThrownBy(() -> NlMessage.parse(header)).isInstanceOf(NetlinkDecodeException.class);
  }
}
