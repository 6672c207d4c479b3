package io.ocicat.nftables;

/** Numbers of {@code linux/netfilter/nf_tables.h} and {@code linux/netfilter/nfnetlink.h}. */
final class LinuxNfTables {
  static final int NFNL_SUBSYS_NFTABLES = 10;
  static final int NFNL_MSG_BATCH_BEGIN = 0x10;
  static final int NFNL_MSG_BATCH_END = 0x11;
  static final int NFNL_BATCH_GENID = 1;
  static final int NFGENMSG_BYTES = 4;

  static final int NFT_MSG_NEWTABLE = 0;
  static final int NFT_MSG_GETTABLE = 1;
  static final int NFT_MSG_DELTABLE = 2;
  static final int NFT_MSG_NEWCHAIN = 3;
  static final int NFT_MSG_GETCHAIN = 4;
  static final int NFT_MSG_DELCHAIN = 5;
  static final int NFT_MSG_NEWRULE = 6;
  static final int NFT_MSG_GETRULE = 7;
  static final int NFT_MSG_DELRULE = 8;
  static final int NFT_MSG_NEWSET = 9;
  static final int NFT_MSG_GETSET = 10;
  static final int NFT_MSG_DELSET = 11;
  static final int NFT_MSG_NEWSETELEM = 12;
  static final int NFT_MSG_GETSETELEM = 13;
  static final int NFT_MSG_DELSETELEM = 14;
  static final int NFT_MSG_GETGEN = 16;
  static final int NFT_MSG_NEWOBJ = 18;
  static final int NFT_MSG_GETOBJ = 19;
  static final int NFT_MSG_DELOBJ = 20;
  static final int NFT_MSG_DESTROYTABLE = 26;
  static final int NFT_MSG_DESTROYCHAIN = 27;
  static final int NFT_MSG_DESTROYRULE = 28;
  static final int NFT_MSG_DESTROYSET = 29;
  static final int NFT_MSG_DESTROYSETELEM = 30;
  static final int NFT_MSG_DESTROYOBJ = 31;

  static final int NFTA_LIST_ELEM = 1;

  static final int NFT_TABLE_F_DORMANT = 1;
  static final int NFTA_TABLE_NAME = 1;
  static final int NFTA_TABLE_FLAGS = 2;
  static final int NFTA_TABLE_USERDATA = 6;

  static final int NFTA_CHAIN_TABLE = 1;
  static final int NFTA_CHAIN_NAME = 3;
  static final int NFTA_CHAIN_HOOK = 4;
  static final int NFTA_CHAIN_POLICY = 5;
  static final int NFTA_CHAIN_TYPE = 7;
  static final int NFTA_CHAIN_USERDATA = 12;
  static final int NFTA_HOOK_HOOKNUM = 1;
  static final int NFTA_HOOK_PRIORITY = 2;

  static final int NFTA_RULE_TABLE = 1;
  static final int NFTA_RULE_CHAIN = 2;
  static final int NFTA_RULE_HANDLE = 3;
  static final int NFTA_RULE_EXPRESSIONS = 4;
  static final int NFTA_RULE_POSITION = 6;
  static final int NFTA_RULE_USERDATA = 7;

  static final int NFT_SET_MAP = 0x8;
  static final int NFT_SET_OBJECT = 0x40;
  static final int NFT_SET_CONCAT = 0x80;

  static final int NFTA_SET_TABLE = 1;
  static final int NFTA_SET_NAME = 2;
  static final int NFTA_SET_FLAGS = 3;
  static final int NFTA_SET_KEY_TYPE = 4;
  static final int NFTA_SET_KEY_LEN = 5;
  static final int NFTA_SET_DATA_TYPE = 6;
  static final int NFTA_SET_DATA_LEN = 7;
  static final int NFTA_SET_DESC = 9;
  static final int NFTA_SET_ID = 10;
  static final int NFTA_SET_USERDATA = 13;
  static final int NFTA_SET_OBJ_TYPE = 15;
  static final int NFTA_SET_COUNT = 20;
  static final int NFTA_SET_DESC_CONCAT = 2;
  static final int NFTA_SET_FIELD_LEN = 1;

  static final int NFT_SET_ELEM_INTERVAL_END = 0x1;
  static final int NFTA_SET_ELEM_KEY = 1;
  static final int NFTA_SET_ELEM_DATA = 2;
  static final int NFTA_SET_ELEM_FLAGS = 3;
  static final int NFTA_SET_ELEM_USERDATA = 6;
  static final int NFTA_SET_ELEM_OBJREF = 9;
  static final int NFTA_SET_ELEM_KEY_END = 10;

  static final int NFTA_SET_ELEM_LIST_TABLE = 1;
  static final int NFTA_SET_ELEM_LIST_SET = 2;
  static final int NFTA_SET_ELEM_LIST_ELEMENTS = 3;

  static final int NFT_DATA_VERDICT = 0xffffff00;
  static final int NFTA_DATA_VALUE = 1;
  static final int NFTA_DATA_VERDICT = 2;
  static final int NFTA_VERDICT_CODE = 1;
  static final int NFTA_VERDICT_CHAIN = 2;

  static final int NF_DROP = 0;
  static final int NF_ACCEPT = 1;
  static final int NFT_CONTINUE = -1;
  static final int NFT_JUMP = -3;
  static final int NFT_GOTO = -4;
  static final int NFT_RETURN = -5;

  static final int NFTA_EXPR_NAME = 1;
  static final int NFTA_EXPR_DATA = 2;

  static final int NFT_REG_VERDICT = 0;
  static final int NFT_LOOKUP_F_INV = 1;
  static final int NFT_OBJECT_COUNTER = 1;

  static final int NFTA_OBJ_TABLE = 1;
  static final int NFTA_OBJ_NAME = 2;
  static final int NFTA_OBJ_TYPE = 3;
  static final int NFTA_OBJ_DATA = 4;
  static final int NFTA_OBJ_USERDATA = 8;

  static final int NFTA_COUNTER_BYTES = 1;
  static final int NFTA_COUNTER_PACKETS = 2;

  static final int NFTA_GEN_ID = 1;

  private LinuxNfTables() {}
}
