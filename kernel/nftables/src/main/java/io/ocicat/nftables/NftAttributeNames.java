package io.ocicat.nftables;

import io.ocicat.netlink.AttributeNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Names of the attributes that the kernel may point at when it refuses a message. */
final class NftAttributeNames implements AttributeNames {
  private static final Map<Integer, String> TABLE =
      Map.of(1, "NFTA_TABLE_NAME", 2, "NFTA_TABLE_FLAGS", 6, "NFTA_TABLE_USERDATA");
  private static final Map<Integer, String> CHAIN =
      Map.of(
          1,
          "NFTA_CHAIN_TABLE",
          3,
          "NFTA_CHAIN_NAME",
          4,
          "NFTA_CHAIN_HOOK",
          5,
          "NFTA_CHAIN_POLICY",
          7,
          "NFTA_CHAIN_TYPE",
          12,
          "NFTA_CHAIN_USERDATA");
  private static final Map<Integer, String> RULE =
      Map.of(
          1,
          "NFTA_RULE_TABLE",
          2,
          "NFTA_RULE_CHAIN",
          3,
          "NFTA_RULE_HANDLE",
          4,
          "NFTA_RULE_EXPRESSIONS",
          6,
          "NFTA_RULE_POSITION",
          7,
          "NFTA_RULE_USERDATA");
  private static final Map<Integer, String> SET =
      Map.of(
          1,
          "NFTA_SET_TABLE",
          2,
          "NFTA_SET_NAME",
          3,
          "NFTA_SET_FLAGS",
          4,
          "NFTA_SET_KEY_TYPE",
          5,
          "NFTA_SET_KEY_LEN",
          6,
          "NFTA_SET_DATA_TYPE",
          7,
          "NFTA_SET_DATA_LEN",
          9,
          "NFTA_SET_DESC",
          10,
          "NFTA_SET_ID",
          13,
          "NFTA_SET_USERDATA");
  private static final Map<Integer, String> ELEMENT_LIST =
      Map.of(
          1,
          "NFTA_SET_ELEM_LIST_TABLE",
          2,
          "NFTA_SET_ELEM_LIST_SET",
          3,
          "NFTA_SET_ELEM_LIST_ELEMENTS");
  private static final Map<Integer, String> ELEMENT =
      Map.of(
          1,
          "NFTA_SET_ELEM_KEY",
          2,
          "NFTA_SET_ELEM_DATA",
          3,
          "NFTA_SET_ELEM_FLAGS",
          10,
          "NFTA_SET_ELEM_KEY_END");
  private static final Map<Integer, String> OBJECT =
      Map.of(1, "NFTA_OBJ_TABLE", 2, "NFTA_OBJ_NAME", 3, "NFTA_OBJ_TYPE", 4, "NFTA_OBJ_DATA");
  private static final Map<Integer, String> EXPRESSION =
      Map.of(1, "NFTA_EXPR_NAME", 2, "NFTA_EXPR_DATA");
  private static final Map<Integer, String> LIST = Map.of(1, "NFTA_LIST_ELEM");

  @Override
  public String describe(int messageType, List<Integer> path) {
    List<Map<Integer, String>> levels = levels(messageType & 0xff);
    List<String> words = new ArrayList<>();
    for (int i = 0; i < path.size(); i++) {
      String number = path.get(i).toString();
      words.add(i < levels.size() ? levels.get(i).getOrDefault(path.get(i), number) : number);
    }
    return String.join("/", words);
  }

  private static List<Map<Integer, String>> levels(int message) {
    return switch (message) {
      case LinuxNfTables.NFT_MSG_NEWTABLE,
          LinuxNfTables.NFT_MSG_GETTABLE,
          LinuxNfTables.NFT_MSG_DELTABLE,
          LinuxNfTables.NFT_MSG_DESTROYTABLE ->
          List.of(TABLE);
      case LinuxNfTables.NFT_MSG_NEWCHAIN,
          LinuxNfTables.NFT_MSG_DELCHAIN,
          LinuxNfTables.NFT_MSG_DESTROYCHAIN ->
          List.of(CHAIN);
      case LinuxNfTables.NFT_MSG_NEWRULE,
          LinuxNfTables.NFT_MSG_DELRULE,
          LinuxNfTables.NFT_MSG_DESTROYRULE ->
          List.of(RULE, LIST, EXPRESSION);
      case LinuxNfTables.NFT_MSG_NEWSET,
          LinuxNfTables.NFT_MSG_DELSET,
          LinuxNfTables.NFT_MSG_DESTROYSET ->
          List.of(SET);
      case LinuxNfTables.NFT_MSG_NEWSETELEM,
          LinuxNfTables.NFT_MSG_DELSETELEM,
          LinuxNfTables.NFT_MSG_DESTROYSETELEM ->
          List.of(ELEMENT_LIST, LIST, ELEMENT);
      case LinuxNfTables.NFT_MSG_NEWOBJ,
          LinuxNfTables.NFT_MSG_DELOBJ,
          LinuxNfTables.NFT_MSG_DESTROYOBJ ->
          List.of(OBJECT);
      default -> List.of();
    };
  }
}
