package io.ocicat.nftables;

import io.ocicat.netlink.AttributeWriter;
import io.ocicat.netlink.NlRequest;

/** Frames of nfnetlink: {@code struct nfgenmsg}, batches, message types. */
final class NfNetlink {
  private NfNetlink() {}

  static int type(int nftMessage) {
    return LinuxNfTables.NFNL_SUBSYS_NFTABLES << 8 | nftMessage;
  }

  /** A message body with {@code struct nfgenmsg} for a family. */
  static AttributeWriter body(NftFamily family) {
    return new AttributeWriter(new byte[] {(byte) family.code(), 0, 0, 0});
  }

  /** A message body for what belongs to no family. */
  static AttributeWriter body() {
    return new AttributeWriter(new byte[LinuxNfTables.NFGENMSG_BYTES]);
  }

  static NlRequest batchBegin(AttributeWriter body) {
    return new NlRequest("begin a batch", LinuxNfTables.NFNL_MSG_BATCH_BEGIN, 0, body);
  }

  static NlRequest batchEnd() {
    return new NlRequest("end a batch", LinuxNfTables.NFNL_MSG_BATCH_END, 0, batchBody());
  }

  /** {@code nfgenmsg.res_id} names the subsystem, in network order. */
  static AttributeWriter batchBody() {
    return new AttributeWriter(new byte[] {0, 0, 0, (byte) LinuxNfTables.NFNL_SUBSYS_NFTABLES});
  }
}
