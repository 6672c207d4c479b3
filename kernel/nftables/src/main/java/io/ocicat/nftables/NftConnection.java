package io.ocicat.nftables;

import io.ocicat.libc.Errno;
import io.ocicat.netlink.AttributeReader;
import io.ocicat.netlink.AttributeWriter;
import io.ocicat.netlink.BatchOutcome;
import io.ocicat.netlink.ExtAck;
import io.ocicat.netlink.NetlinkException;
import io.ocicat.netlink.NetlinkSocket;
import io.ocicat.netlink.NlMessage;
import io.ocicat.netlink.NlRequest;
import io.ocicat.nftables.CommitResult.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The nf_tables of the kernel, in the network namespace where the connection was opened; it stays
 * there whatever the thread that uses it.
 *
 * <p>Failures of the environment are {@link NetlinkException}; refusals of the kernel are {@link
 * CommitResult}s.
 */
public final class NftConnection implements Nftables, AutoCloseable {
  /** How often a dump starts again because somebody changed the rule set meanwhile. */
  private static final int DUMP_ATTEMPTS = 20;

  private final NetlinkSocket socket;

  /**
   * @param socket of family {@code NETLINK_NETFILTER}; closed with this
   */
  NftConnection(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** Opens a connection in the network namespace of the calling thread. */
  public static NftConnection open() {
    return new NftConnection(
        NetlinkSocket.open(NetlinkSocket.NETLINK_NETFILTER, new NftAttributeNames()));
  }

  @Override
  public CommitResult commit(NftTransaction transaction) {
    return commit(transaction, NfNetlink.batchBody(), Optional.empty());
  }

  @Override
  public CommitResult commit(NftTransaction transaction, Generation expected) {
    AttributeWriter begin =
        NfNetlink.batchBody().beU32(LinuxNfTables.NFNL_BATCH_GENID, expected.id());
    return commit(transaction, begin, Optional.of(expected));
  }

  private CommitResult commit(
      NftTransaction transaction, AttributeWriter begin, Optional<Generation> expected) {
    if (transaction.isEmpty()) {
      return new CommitResult.Committed();
    }
    TransactionEncoder encoder = new TransactionEncoder(transaction);
    BatchOutcome outcome =
        socket.transact(NfNetlink.batchBegin(begin), encoder.messages(), NfNetlink.batchEnd());
    return switch (outcome) {
      case BatchOutcome.Committed _ -> new CommitResult.Committed();
      case BatchOutcome.Refused(List<BatchOutcome.Failure> failures) ->
          refused(transaction, encoder, failures, expected);
    };
  }

  private static CommitResult refused(
      NftTransaction transaction,
      TransactionEncoder encoder,
      List<BatchOutcome.Failure> failures,
      Optional<Generation> expected) {
    List<Refusal> refusals = new ArrayList<>();
    for (BatchOutcome.Failure failure : failures) {
      NetlinkException cause = failure.cause();
      if (failure.index() < 0) {
        if (expected.isPresent() && cause.is(Errno.ERESTART)) {
          return new CommitResult.GenerationMismatch(expected.get());
        }
        throw cause;
      }
      int index = encoder.operationOf(failure.index());
      Operation operation = transaction.operations().get(index);
      refusals.add(new Refusal(index, operation, cause.errno(), reason(cause)));
    }
    return new CommitResult.Refused(transaction.table(), refusals);
  }

  private static String reason(NetlinkException cause) {
    StringBuilder reason = new StringBuilder(cause.errno().toString());
    if (!cause.kernelMessage().isEmpty()) {
      reason.append(", the kernel says: ").append(cause.kernelMessage());
    }
    if (!cause.attribute().isEmpty()) {
      reason.append(", at ").append(cause.attribute());
    }
    return reason.toString();
  }

  @Override
  public Generation generation() {
    NlRequest request =
        new NlRequest(
            "get the generation of nf_tables",
            NfNetlink.type(LinuxNfTables.NFT_MSG_GETGEN),
            0,
            NfNetlink.body());
    AttributeReader reply = DumpDecoder.attributes(socket.execute(request).getFirst());
    return new Generation(reply.require(LinuxNfTables.NFTA_GEN_ID).beU32());
  }

  /** Whether the kernel knows the verb {@code destroy} (since Linux 6.3); asks by doing it. */
  public boolean supportsDestroy() {
    NftTransaction probe =
        NftTransaction.on(new Table(NftFamily.INET, "ocicat-probe")).destroyTable().build();
    return switch (commit(probe)) {
      case CommitResult.Committed _ -> true;
      case CommitResult.Refused _ -> false;
      case CommitResult.GenerationMismatch _ ->
          throw new IllegalStateException("no generation was expected");
    };
  }

  /**
   * @throws NetlinkException {@code EBUSY} if others change nf_tables all the time
   */
  @Override
  public Optional<NftDump> dump(Table table) {
    for (int attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
      Generation before = generation();
      try {
        Optional<NftDump> dump = dumpOnce(table, before);
        if (generation().equals(before)) {
          return dump;
        }
      } catch (NetlinkException e) {
        // What an earlier message named may be gone; then the generation is another too.
        if (!e.is(Errno.ENOENT) || generation().equals(before)) {
          throw e;
        }
      }
    }
    throw new NetlinkException(
        "read "
            + table
            + ": another program changed nf_tables during each of "
            + DUMP_ATTEMPTS
            + " attempts",
        Errno.EBUSY,
        ExtAck.NONE,
        "");
  }

  private Optional<NftDump> dumpOnce(Table table, Generation generation) {
    Optional<DumpDecoder.TableEntry> found = find(table);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    NftTable.Builder builder = new NftTable.Builder(found.get().table());
    Map<String, Counts> counts = new HashMap<>();
    for (AttributeReader a : dumpAll(table, "counters", LinuxNfTables.NFT_MSG_GETOBJ)) {
      if (a.require(LinuxNfTables.NFTA_OBJ_TYPE).beU32() == LinuxNfTables.NFT_OBJECT_COUNTER) {
        NamedCounter counter = DumpDecoder.counter(a);
        builder.add(counter);
        counts.put(
            counter.name(),
            ExpressionDecoder.counterData(a.require(LinuxNfTables.NFTA_OBJ_DATA).nested()));
      }
    }
    for (AttributeReader a : dumpAll(table, "sets", LinuxNfTables.NFT_MSG_GETSET)) {
      NftSet set = DumpDecoder.set(a);
      builder.add(set, elements(table, set, DumpDecoder.elementCount(set, a)));
    }
    Map<String, List<Rule>> rules = new HashMap<>();
    Map<String, List<NftDump.RuleState>> states = new HashMap<>();
    for (AttributeReader a : dumpAll(table, "rules", LinuxNfTables.NFT_MSG_GETRULE)) {
      DumpDecoder.RuleEntry entry = DumpDecoder.rule(a);
      rules.computeIfAbsent(entry.chain(), _ -> new ArrayList<>()).add(entry.rule());
      states.computeIfAbsent(entry.chain(), _ -> new ArrayList<>()).add(entry.state());
    }
    for (AttributeReader a : dumpAll(table, "chains", LinuxNfTables.NFT_MSG_GETCHAIN)) {
      Chain chain = DumpDecoder.chain(a);
      builder.add(new ChainContent(chain, rules.getOrDefault(chain.name(), List.of())));
    }
    states.replaceAll((_, list) -> List.copyOf(list));
    return Optional.of(
        new NftDump(builder.build(), generation, found.get().isDormant(), states, counts));
  }

  private Optional<DumpDecoder.TableEntry> find(Table table) {
    NlRequest request =
        new NlRequest(
            "get " + table,
            NfNetlink.type(LinuxNfTables.NFT_MSG_GETTABLE),
            0,
            NfNetlink.body(table.family()).string(LinuxNfTables.NFTA_TABLE_NAME, table.name()));
    try {
      NlMessage reply = socket.execute(request).getFirst();
      return Optional.of(DumpDecoder.table(table.family(), DumpDecoder.attributes(reply)));
    } catch (NetlinkException e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Dumps objects of one kind; all kinds have the name of their table in attribute 1. */
  private List<AttributeReader> dumpAll(Table table, String kind, int message) {
    NlRequest request =
        new NlRequest(
            "dump the " + kind + " of " + table,
            NfNetlink.type(message),
            0,
            NfNetlink.body(table.family()).string(1, table.name()));
    List<AttributeReader> result = new ArrayList<>();
    for (NlMessage reply : socket.dump(request)) {
      AttributeReader attributes = DumpDecoder.attributes(reply);
      // Not every kernel filters chains by table.
      if (reply.payload().get(0) == table.family().code()
          && attributes.require(1).string().equals(table.name())) {
        result.add(attributes);
      }
    }
    return result;
  }

  /**
   * A hash that is growing in the background is walked anew at each step, so that elements come
   * twice or not at all; such a dump is repeated.
   *
   * @param count how many there should be, if the kernel told
   */
  private List<Element> elements(Table table, NftSet set, OptionalInt count) {
    NlRequest request =
        new NlRequest(
            "dump the elements of " + set + " of " + table,
            NfNetlink.type(LinuxNfTables.NFT_MSG_GETSETELEM),
            0,
            NfNetlink.body(table.family())
                .string(LinuxNfTables.NFTA_SET_ELEM_LIST_TABLE, table.name())
                .string(LinuxNfTables.NFTA_SET_ELEM_LIST_SET, set.name()));
    Set<Element> distinct = new LinkedHashSet<>();
    for (int attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
      List<Element> elements = DumpDecoder.elements(set, socket.dump(request));
      distinct.clear();
      distinct.addAll(elements);
      if (distinct.size() == elements.size()
          && (count.isEmpty() || count.getAsInt() == elements.size())) {
        break;
      }
    }
    return List.copyOf(distinct);
  }

  @Override
  public void close() {
    socket.close();
  }
}
