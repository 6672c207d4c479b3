package io.ocicat.netlink;

import io.ocicat.libc.Errno;
import io.ocicat.libc.LibcException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Requests to one netlink family and their answers.
 *
 * <p>The socket stays in the network namespace of the thread that opened it and can be used from
 * any thread; a lock lets one exchange through at a time. The kernel carries a request out inside
 * the send, on the caller's thread: deleting links or waiting for another's transaction takes
 * milliseconds, so callers should be platform threads.
 */
public final class NetlinkSocket implements AutoCloseable {

  public static final int NETLINK_ROUTE = 0;
  public static final int NETLINK_NETFILTER = 12;

  private static final int ANSWER_TIMEOUT_MILLIS = 10_000;
  private static final int DUMP_ATTEMPTS = 10;
  // Keeps the acknowledgements of one datagram far below the receive buffer.
  private static final int REQUESTS_PER_DATAGRAM = 512;

  private final NetlinkTransport transport;
  private final AttributeNames names;
  private final ReentrantLock exchange = new ReentrantLock();
  private int sequence;

  /**
   * @param names for error messages
   */
  public NetlinkSocket(NetlinkTransport transport, AttributeNames names) {
    this.transport = transport;
    this.names = names;
  }

  /**
   * A socket of the kernel with extended acknowledgements and strict checking, in the calling
   * thread's network namespace.
   *
   * @param protocol for example {@link #NETLINK_ROUTE}
   * @throws LibcException if there is no such family
   */
  public static NetlinkSocket open(int protocol, AttributeNames names) {
    return new NetlinkSocket(KernelTransport.open(protocol), names);
  }

  /**
   * Carries one request out.
   *
   * @return messages that came before the acknowledgement; none for most requests
   * @throws NetlinkException if the kernel refuses, or no answer came
   */
  public List<NlMessage> execute(NlRequest request) {
    return switch (executeAll(List.of(request)).getFirst()) {
      case Answer.Acknowledged(List<NlMessage> replies) -> replies;
      case Answer.Refused(NetlinkException cause) -> throw cause;
    };
  }

  /**
   * Carries requests out one after the other, with as few system calls as can be. A refused one
   * does not stop the next.
   *
   * @return one answer for each request, in their order
   * @throws NetlinkException if answers were lost ({@code ENOBUFS}, {@code ETIMEDOUT}, {@code
   *     EMSGSIZE}): what was done is then unknown and must be read back
   */
  public List<Answer> executeAll(List<NlRequest> requests) {
    exchange.lock();
    try {
      List<Answer> answers = new ArrayList<>(requests.size());
      for (int from = 0; from < requests.size(); from += REQUESTS_PER_DATAGRAM) {
        int to = Math.min(from + REQUESTS_PER_DATAGRAM, requests.size());
        answers.addAll(executeDatagram(requests.subList(from, to)));
      }
      return answers;
    } finally {
      exchange.unlock();
    }
  }

  private List<Answer> executeDatagram(List<NlRequest> requests) {
    List<NlRequest> acknowledged = requests.stream().map(r -> r.with(NlFlags.ACK)).toList();
    AnswerCollector collector = new AnswerCollector(acknowledged, nextSequences(requests.size()));
    transport.exchange(
        encode(acknowledged, collector.firstSequence()), ANSWER_TIMEOUT_MILLIS, collector);
    return collector.answers();
  }

  /**
   * Reads all objects of a kind. Starts again if they changed meanwhile, so that the result is one
   * consistent state.
   *
   * @throws NetlinkException if the kernel refuses; {@code EBUSY} if they kept changing
   */
  public List<NlMessage> dump(NlRequest request) {
    NlRequest dump = request.with(NlFlags.DUMP);
    exchange.lock();
    try {
      for (int attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
        List<NlMessage> messages = new ArrayList<>();
        DumpCollector collector = new DumpCollector(dump, nextSequences(1), messages::add);
        transport.exchange(
            encode(List.of(dump), collector.sequence), ANSWER_TIMEOUT_MILLIS, collector);
        if (collector.isConsistent()) {
          return messages;
        }
      }
    } finally {
      exchange.unlock();
    }
    throw lost(dump, Errno.EBUSY);
  }

  /**
   * Reads all objects of a kind one by one, without keeping them.
   *
   * @return whether they were one consistent state; if not, some may be missing or told twice
   * @throws NetlinkException if the kernel refuses, or no answer came
   */
  public boolean dump(NlRequest request, Consumer<NlMessage> each) {
    NlRequest dump = request.with(NlFlags.DUMP);
    exchange.lock();
    try {
      DumpCollector collector = new DumpCollector(dump, nextSequences(1), each);
      transport.exchange(
          encode(List.of(dump), collector.sequence), ANSWER_TIMEOUT_MILLIS, collector);
      return collector.isConsistent();
    } finally {
      exchange.unlock();
    }
  }

  /**
   * A request of a batch that the kernel refused.
   *
   * @param index of the request, from 0
   */
  public record Refusal(int index, NetlinkException cause) {}

  /**
   * Carries out the requests of a batch one after the other in one system call. A refused one does
   * not stop the next.
   *
   * @param batch not empty
   * @param operation says what a request does, for the words of its refusal
   * @return the refused ones
   * @throws NetlinkException if answers were lost: what was done is then unknown
   */
  public List<Refusal> carryOut(NlBatch batch, IntFunction<String> operation) {
    exchange.lock();
    try {
      RefusalCollector collector =
          new RefusalCollector(batch.size(), nextSequences(batch.size()), operation);
      transport.exchange(batch.encode(collector.firstSequence), ANSWER_TIMEOUT_MILLIS, collector);
      return collector.refusals;
    } finally {
      exchange.unlock();
    }
  }

  /**
   * The number by which the kernel knows this socket, which notifications of its changes carry.
   *
   * @param anything a request that is answered
   */
  public int portId(NlRequest anything) {
    return execute(anything).getFirst().header().portId();
  }

  /**
   * Carries out an atomic batch of nfnetlink: all messages or none.
   *
   * @param begin {@code NFNL_MSG_BATCH_BEGIN}
   * @param messages not empty
   * @param end {@code NFNL_MSG_BATCH_END}
   * @throws NetlinkException if the answer was lost: whether the batch is in effect must be read
   *     back
   */
  public BatchOutcome transact(NlRequest begin, List<NlRequest> messages, NlRequest end) {
    List<NlRequest> all = new ArrayList<>(messages.size() + 2);
    all.add(begin);
    all.addAll(messages);
    // Errors come for every message; one acknowledgement is enough to know that all went well.
    all.set(messages.size(), messages.getLast().with(NlFlags.ACK));
    all.add(end);
    exchange.lock();
    try {
      BatchCollector collector = new BatchCollector(all, nextSequences(all.size()));
      // The kernel has answered in full when the send returns, so there is nothing to wait for.
      transport.exchange(encode(all, collector.firstSequence), 0, collector);
      return collector.outcome();
    } finally {
      exchange.unlock();
    }
  }

  private int nextSequences(int count) {
    int first = sequence + 1;
    sequence += count;
    return first;
  }

  private static byte[] encode(List<NlRequest> requests, int firstSequence) {
    int length = 0;
    for (NlRequest request : requests) {
      length += AttributeWriter.align(request.lengthBytes());
    }
    ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
    for (int i = 0; i < requests.size(); i++) {
      requests.get(i).encode(firstSequence + i, out);
    }
    return out.array();
  }

  private static NetlinkException lost(NlRequest request, Errno errno) {
    return new NetlinkException(request.operation(), errno, ExtAck.NONE, "");
  }

  /** The refusal in an NLMSG_ERROR or NLMSG_DONE message. */
  private NetlinkException refusal(NlRequest request, int error, NlMessage message) {
    ExtAck extAck = extAck(message);
    String attribute =
        extAck.missingType() >= 0
            ? "missing " + names.describe(request.type(), List.of(extAck.missingType()))
            : attributeAt(request, extAck.offset());
    return new NetlinkException(request.operation(), new Errno(-error), extAck, attribute);
  }

  private static int error(NlMessage message) {
    ByteBuffer payload = message.payload();
    return payload.remaining() >= 4 ? payload.getInt() : 0;
  }

  private static ExtAck extAck(NlMessage message) {
    if (!message.header().has(NlFlags.ACK_TLVS)) {
      return ExtAck.NONE;
    }
    int fixedBytes = 4;
    if (message.type() == NlHeader.NLMSG_ERROR) {
      int echoed =
          message.header().has(NlFlags.CAPPED)
              ? NlHeader.SIZE_BYTES
              : AttributeWriter.align(message.payload().getInt(4));
      fixedBytes += echoed;
    }
    return ExtAck.of(message.attributes(fixedBytes));
  }

  private String attributeAt(NlRequest request, int offset) {
    if (offset < 0) {
      return "";
    }
    List<Integer> path = new ArrayList<>();
    byte[] payload = request.payloadBytes();
    int target = offset - NlHeader.SIZE_BYTES;
    try {
      AttributeReader level =
          new AttributeReader(payload, request.fixedHeaderBytes(), payload.length);
      boolean descend = true;
      while (descend) {
        descend = false;
        for (AttributeReader.Attribute attribute : level) {
          int end = attribute.start() + AttributeWriter.NLA_HEADER_BYTES + attribute.lengthBytes();
          if (attribute.start() <= target && target < end) {
            path.add(attribute.type());
            descend = attribute.isFlaggedNested() && target > attribute.start();
            level = descend ? attribute.nested() : level;
            break;
          }
        }
      }
    } catch (NetlinkDecodeException e) {
      // A nested structure that is not only attributes: the path so far is the best to tell.
    }
    return path.isEmpty() ? "offset " + offset : names.describe(request.type(), path);
  }

  @Override
  public void close() {
    transport.close();
  }

  /** Collects one answer for each request of a datagram. */
  private final class AnswerCollector implements NetlinkTransport.Receiver {

    private final List<NlRequest> requests;
    private final int firstSequence;
    private final List<List<NlMessage>> replies = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();

    AnswerCollector(List<NlRequest> requests, int firstSequence) {
      this.requests = requests;
      this.firstSequence = firstSequence;
      replies.add(new ArrayList<>());
    }

    int firstSequence() {
      return firstSequence;
    }

    List<Answer> answers() {
      return answers;
    }

    @Override
    public boolean accept(NetlinkTransport.Reception reception) {
      switch (reception) {
        case NetlinkTransport.Reception.Messages(List<NlMessage> messages) ->
            messages.forEach(this::take);
        case NetlinkTransport.Reception.Nothing() -> throw lost(current(), Errno.ETIMEDOUT);
        case NetlinkTransport.Reception.Overrun() -> throw lost(current(), Errno.ENOBUFS);
        case NetlinkTransport.Reception.Truncated _ -> throw lost(current(), Errno.EMSGSIZE);
      }
      return answers.size() < requests.size();
    }

    private NlRequest current() {
      return requests.get(answers.size());
    }

    // Answers come in the order of the requests; one with another number is left over from an
    // exchange that was given up.
    private void take(NlMessage message) {
      if (answers.size() == requests.size()
          || message.header().sequence() != firstSequence + answers.size()) {
        return;
      }
      if (message.type() != NlHeader.NLMSG_ERROR) {
        replies.getLast().add(message);
        return;
      }
      int error = error(message);
      answers.add(
          error == 0
              ? new Answer.Acknowledged(replies.getLast())
              : new Answer.Refused(refusal(current(), error, message)));
      replies.add(new ArrayList<>());
    }
  }

  /** Collects the messages of a dump. */
  private final class DumpCollector implements NetlinkTransport.Receiver {

    private final NlRequest request;
    private final int sequence;
    private final Consumer<NlMessage> each;
    private boolean interrupted;
    private boolean done;

    DumpCollector(NlRequest request, int sequence, Consumer<NlMessage> each) {
      this.request = request;
      this.sequence = sequence;
      this.each = each;
    }

    boolean isConsistent() {
      return done && !interrupted;
    }

    @Override
    public boolean accept(NetlinkTransport.Reception reception) {
      switch (reception) {
        case NetlinkTransport.Reception.Messages(List<NlMessage> received) ->
            received.forEach(this::take);
        case NetlinkTransport.Reception.Nothing() -> throw lost(request, Errno.ETIMEDOUT);
        case NetlinkTransport.Reception.Overrun() -> interrupted = true;
        case NetlinkTransport.Reception.Truncated _ -> interrupted = true;
      }
      return !done;
    }

    private void take(NlMessage message) {
      if (message.header().sequence() != sequence || done) {
        return;
      }
      interrupted |= message.header().has(NlFlags.DUMP_INTR);
      switch (message.type()) {
        case NlHeader.NLMSG_DONE, NlHeader.NLMSG_ERROR -> {
          done = true;
          int error = error(message);
          if (error != 0) {
            throw refusal(request, error, message);
          }
        }
        default -> each.accept(message);
      }
    }
  }

  /** Collects the refusals of a batch, until its last request is answered. */
  private static final class RefusalCollector implements NetlinkTransport.Receiver {

    private final int size;
    private final int firstSequence;
    private final IntFunction<String> operation;
    private final List<Refusal> refusals = new ArrayList<>();
    private boolean done;

    RefusalCollector(int size, int firstSequence, IntFunction<String> operation) {
      this.size = size;
      this.firstSequence = firstSequence;
      this.operation = operation;
    }

    @Override
    public boolean accept(NetlinkTransport.Reception reception) {
      switch (reception) {
        case NetlinkTransport.Reception.Messages(List<NlMessage> messages) ->
            messages.forEach(this::take);
        case NetlinkTransport.Reception.Nothing() -> throw lostOf(Errno.ETIMEDOUT);
        case NetlinkTransport.Reception.Overrun() -> throw lostOf(Errno.ENOBUFS);
        case NetlinkTransport.Reception.Truncated _ -> throw lostOf(Errno.EMSGSIZE);
      }
      return !done;
    }

    private NetlinkException lostOf(Errno errno) {
      return new NetlinkException(
          "%s, and up to %d more".formatted(operation.apply(0), size - 1), errno, ExtAck.NONE, "");
    }

    private void take(NlMessage message) {
      int index = message.header().sequence() - firstSequence;
      if (index < 0 || index >= size || message.type() != NlHeader.NLMSG_ERROR) {
        return;
      }
      int error = error(message);
      if (error != 0) {
        Errno errno = new Errno(-error);
        refusals.add(
            new Refusal(
                index, new NetlinkException(operation.apply(index), errno, extAck(message), "")));
      }
      done = index == size - 1;
    }
  }

  /** Collects the answers to an atomic batch. */
  private final class BatchCollector implements NetlinkTransport.Receiver {

    private final List<NlRequest> requests;
    private final int firstSequence;
    private final List<NlMessage> replies = new ArrayList<>();
    private final List<BatchOutcome.Failure> failures = new ArrayList<>();
    private boolean acknowledged;
    private boolean overrun;

    BatchCollector(List<NlRequest> requests, int firstSequence) {
      this.requests = requests;
      this.firstSequence = firstSequence;
    }

    BatchOutcome outcome() {
      if (!failures.isEmpty()) {
        return new BatchOutcome.Refused(failures);
      }
      if (overrun || !acknowledged) {
        throw lost(requests.getFirst(), overrun ? Errno.ENOBUFS : Errno.ETIMEDOUT);
      }
      return new BatchOutcome.Committed(replies);
    }

    @Override
    public boolean accept(NetlinkTransport.Reception reception) {
      return switch (reception) {
        case NetlinkTransport.Reception.Messages(List<NlMessage> messages) -> {
          messages.forEach(this::take);
          yield true;
        }
        case NetlinkTransport.Reception.Nothing() -> false;
        case NetlinkTransport.Reception.Overrun(), NetlinkTransport.Reception.Truncated _ -> {
          overrun = true;
          yield true;
        }
      };
    }

    private void take(NlMessage message) {
      int index = message.header().sequence() - firstSequence;
      if (index < 0 || index >= requests.size()) {
        return;
      }
      if (message.type() != NlHeader.NLMSG_ERROR) {
        replies.add(message);
        return;
      }
      int error = error(message);
      if (error == 0) {
        acknowledged |= index == requests.size() - 2;
        return;
      }
      int ofMessage = index == 0 || index == requests.size() - 1 ? -1 : index - 1;
      failures.add(
          new BatchOutcome.Failure(ofMessage, refusal(requests.get(index), error, message)));
    }
  }
}
