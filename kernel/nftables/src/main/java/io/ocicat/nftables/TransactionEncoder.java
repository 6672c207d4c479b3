package io.ocicat.nftables;

import io.ocicat.netlink.AttributeWriter;
import io.ocicat.netlink.NlFlags;
import io.ocicat.netlink.NlRequest;
import java.util.ArrayList;
import java.util.List;

/** The messages of one transaction, and to which operation each of them belongs. */
final class TransactionEncoder {
  /** A list of elements has a 16-bit length; leaves room for the last one. */
  private static final int MAX_LIST_BYTES = 60_000;

  private final Table table;
  private final List<NlRequest> messages = new ArrayList<>();
  private final List<Integer> operationOf = new ArrayList<>();
  private int current;
  private int lastSetId;

  TransactionEncoder(NftTransaction transaction) {
    this.table = transaction.table();
    List<Operation> operations = transaction.operations();
    for (current = 0; current < operations.size(); current++) {
      encode(operations.get(current));
    }
  }

  List<NlRequest> messages() {
    return messages;
  }

  /** Index of the operation that message {@code index} is part of. */
  int operationOf(int index) {
    return operationOf.get(index);
  }

  /** Flags for objects that are made; rules are appended unless inserted. */
  private static int newFlags(Verb verb) {
    return switch (verb) {
      case ADD, INSERT -> NlFlags.CREATE;
      case CREATE -> NlFlags.CREATE | NlFlags.EXCL;
      case REPLACE -> NlFlags.REPLACE;
      case DELETE, DESTROY, FLUSH -> 0;
    };
  }

  private static int type(Verb verb, int create, int delete, int destroy) {
    return switch (verb) {
      case ADD, CREATE, INSERT, REPLACE -> create;
      case DELETE, FLUSH -> delete;
      case DESTROY -> destroy;
    };
  }

  private static boolean makes(Verb verb) {
    return switch (verb) {
      case ADD, CREATE, INSERT, REPLACE -> true;
      case DELETE, DESTROY, FLUSH -> false;
    };
  }

  private void encode(Operation operation) {
    switch (operation) {
      case Operation.OnTable on -> onTable(on);
      case Operation.OnCounter on -> onCounter(on);
      case Operation.OnChain on -> onChain(on);
      case Operation.OnSet on -> onSet(on);
      case Operation.OnElements on -> onElements(on);
      case Operation.OnRule on -> onRule(on);
    }
  }

  private AttributeWriter body() {
    return NfNetlink.body(table.family());
  }

  private void send(Operation operation, int type, int flags, AttributeWriter body) {
    messages.add(new NlRequest(operation + " of " + table, NfNetlink.type(type), flags, body));
    operationOf.add(current);
  }

  private void onTable(Operation.OnTable on) {
    AttributeWriter body = body().string(LinuxNfTables.NFTA_TABLE_NAME, table.name());
    if (on.verb() == Verb.FLUSH) {
      send(on, LinuxNfTables.NFT_MSG_DELRULE, 0, body);
      return;
    }
    if (makes(on.verb())) {
      body.beU32(LinuxNfTables.NFTA_TABLE_FLAGS, 0);
      comment(body, LinuxNfTables.NFTA_TABLE_USERDATA, table.comment());
    }
    int type =
        type(
            on.verb(),
            LinuxNfTables.NFT_MSG_NEWTABLE,
            LinuxNfTables.NFT_MSG_DELTABLE,
            LinuxNfTables.NFT_MSG_DESTROYTABLE);
    send(on, type, newFlags(on.verb()), body);
  }

  private void onCounter(Operation.OnCounter on) {
    AttributeWriter body =
        body()
            .string(LinuxNfTables.NFTA_OBJ_TABLE, table.name())
            .string(LinuxNfTables.NFTA_OBJ_NAME, on.counter().name())
            .beU32(LinuxNfTables.NFTA_OBJ_TYPE, LinuxNfTables.NFT_OBJECT_COUNTER);
    if (makes(on.verb())) {
      comment(body, LinuxNfTables.NFTA_OBJ_USERDATA, on.counter().comment());
      body.nested(
          LinuxNfTables.NFTA_OBJ_DATA,
          w ->
              w.beU64(LinuxNfTables.NFTA_COUNTER_BYTES, 0)
                  .beU64(LinuxNfTables.NFTA_COUNTER_PACKETS, 0));
    }
    int type =
        type(
            on.verb(),
            LinuxNfTables.NFT_MSG_NEWOBJ,
            LinuxNfTables.NFT_MSG_DELOBJ,
            LinuxNfTables.NFT_MSG_DESTROYOBJ);
    send(on, type, newFlags(on.verb()), body);
  }

  private void onChain(Operation.OnChain on) {
    if (on.verb() == Verb.FLUSH) {
      send(on, LinuxNfTables.NFT_MSG_DELRULE, 0, ruleBody(on.chain().name()));
      return;
    }
    AttributeWriter body =
        body()
            .string(LinuxNfTables.NFTA_CHAIN_TABLE, table.name())
            .string(LinuxNfTables.NFTA_CHAIN_NAME, on.chain().name());
    if (makes(on.verb())) {
      if (on.chain() instanceof Chain.BaseChain base) {
        body.string(LinuxNfTables.NFTA_CHAIN_TYPE, base.type().toString())
            .beU32(LinuxNfTables.NFTA_CHAIN_POLICY, base.policy().code())
            .nested(
                LinuxNfTables.NFTA_CHAIN_HOOK,
                w ->
                    w.beU32(LinuxNfTables.NFTA_HOOK_HOOKNUM, base.hook().code())
                        .beU32(LinuxNfTables.NFTA_HOOK_PRIORITY, base.priority()));
      }
      comment(body, LinuxNfTables.NFTA_CHAIN_USERDATA, on.chain().comment());
    }
    int type =
        type(
            on.verb(),
            LinuxNfTables.NFT_MSG_NEWCHAIN,
            LinuxNfTables.NFT_MSG_DELCHAIN,
            LinuxNfTables.NFT_MSG_DESTROYCHAIN);
    send(on, type, newFlags(on.verb()), body);
  }

  private void onSet(Operation.OnSet on) {
    if (on.verb() == Verb.FLUSH) {
      send(on, LinuxNfTables.NFT_MSG_DELSETELEM, 0, elementBody(on.set()));
      return;
    }
    AttributeWriter body =
        body()
            .string(LinuxNfTables.NFTA_SET_TABLE, table.name())
            .string(LinuxNfTables.NFTA_SET_NAME, on.set().name());
    if (makes(on.verb())) {
      describe(body, on.set());
    }
    int type =
        type(
            on.verb(),
            LinuxNfTables.NFT_MSG_NEWSET,
            LinuxNfTables.NFT_MSG_DELSET,
            LinuxNfTables.NFT_MSG_DESTROYSET);
    send(on, type, newFlags(on.verb()), body);
  }

  private void describe(AttributeWriter body, NftSet set) {
    boolean rangesOfFields = set.isInterval() && set.key().isConcatenation();
    int flags = rangesOfFields ? LinuxNfTables.NFT_SET_CONCAT : 0;
    for (SetFlag flag : set.flags()) {
      flags |= flag.code();
    }
    flags |=
        switch (set.data()) {
          case SetData.None _ -> 0;
          case SetData.Verdicts _, SetData.Values _ -> LinuxNfTables.NFT_SET_MAP;
          case SetData.Objects _ -> LinuxNfTables.NFT_SET_OBJECT;
        };
    body.beU32(LinuxNfTables.NFTA_SET_FLAGS, flags)
        .beU32(LinuxNfTables.NFTA_SET_KEY_TYPE, set.key().id())
        .beU32(LinuxNfTables.NFTA_SET_KEY_LEN, set.key().lengthBytes());
    switch (set.data()) {
      case SetData.None _ -> {}
      case SetData.Verdicts _ ->
          body.beU32(LinuxNfTables.NFTA_SET_DATA_TYPE, LinuxNfTables.NFT_DATA_VERDICT)
              .beU32(LinuxNfTables.NFTA_SET_DATA_LEN, 0);
      case SetData.Values(DataType type) ->
          body.beU32(LinuxNfTables.NFTA_SET_DATA_TYPE, type.id())
              .beU32(LinuxNfTables.NFTA_SET_DATA_LEN, type.lengthBytes());
      case SetData.Objects(int type) -> body.beU32(LinuxNfTables.NFTA_SET_OBJ_TYPE, type);
    }
    body.beU32(LinuxNfTables.NFTA_SET_ID, ++lastSetId);
    if (rangesOfFields) {
      body.nested(LinuxNfTables.NFTA_SET_DESC, w -> fields(w, set.key()));
    }
    body.bytes(LinuxNfTables.NFTA_SET_USERDATA, UserData.ofSet(set));
  }

  private static void fields(AttributeWriter writer, KeyType key) {
    int list = writer.begin(LinuxNfTables.NFTA_SET_DESC_CONCAT);
    for (DataType field : key.fields()) {
      writer.nested(
          LinuxNfTables.NFTA_LIST_ELEM,
          w -> w.beU32(LinuxNfTables.NFTA_SET_FIELD_LEN, field.lengthBytes()));
    }
    writer.end(list);
  }

  private AttributeWriter elementBody(NftSet set) {
    return body()
        .string(LinuxNfTables.NFTA_SET_ELEM_LIST_TABLE, table.name())
        .string(LinuxNfTables.NFTA_SET_ELEM_LIST_SET, set.name());
  }

  private void onElements(Operation.OnElements on) {
    int type =
        type(
            on.verb(),
            LinuxNfTables.NFT_MSG_NEWSETELEM,
            LinuxNfTables.NFT_MSG_DELSETELEM,
            LinuxNfTables.NFT_MSG_DESTROYSETELEM);
    ElementEncoder encoder = new ElementEncoder(on.set(), makes(on.verb()));
    int next = 0;
    while (next < on.elements().size()) {
      AttributeWriter body = elementBody(on.set());
      int list = body.begin(LinuxNfTables.NFTA_SET_ELEM_LIST_ELEMENTS);
      while (next < on.elements().size() && body.sizeBytes() < MAX_LIST_BYTES) {
        encoder.encode(body, on.elements().get(next++));
      }
      body.end(list);
      send(on, type, newFlags(on.verb()), body);
    }
  }

  private AttributeWriter ruleBody(String chain) {
    return body()
        .string(LinuxNfTables.NFTA_RULE_TABLE, table.name())
        .string(LinuxNfTables.NFTA_RULE_CHAIN, chain);
  }

  private void onRule(Operation.OnRule on) {
    AttributeWriter body = ruleBody(on.chain());
    int type =
        type(
            on.verb(),
            LinuxNfTables.NFT_MSG_NEWRULE,
            LinuxNfTables.NFT_MSG_DELRULE,
            LinuxNfTables.NFT_MSG_DESTROYRULE);
    int flags = newFlags(on.verb());
    switch (on.verb()) {
      case ADD, CREATE -> flags |= NlFlags.APPEND;
      case INSERT, REPLACE, DELETE, DESTROY, FLUSH -> {}
    }
    if (on.handle() != 0) {
      boolean neighbour =
          switch (on.verb()) {
            case ADD, CREATE, INSERT -> true;
            case REPLACE, DELETE, DESTROY, FLUSH -> false;
          };
      body.beU64(
          neighbour ? LinuxNfTables.NFTA_RULE_POSITION : LinuxNfTables.NFTA_RULE_HANDLE,
          on.handle());
    }
    if (makes(on.verb())) {
      int list = body.begin(LinuxNfTables.NFTA_RULE_EXPRESSIONS);
      for (Expression expression : on.rule().expressions()) {
        ExpressionEncoder.encode(body, expression);
      }
      body.end(list);
      comment(body, LinuxNfTables.NFTA_RULE_USERDATA, on.rule().comment());
    }
    send(on, type, flags, body);
  }

  private static void comment(AttributeWriter body, int type, String comment) {
    if (!comment.isEmpty()) {
      body.bytes(type, UserData.ofComment(comment));
    }
  }
}
