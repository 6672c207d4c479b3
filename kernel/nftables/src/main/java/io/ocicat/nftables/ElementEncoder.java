package io.ocicat.nftables;

import io.ocicat.netlink.AttributeWriter;

/**
 * Elements of one set to attributes. An interval of a plain key is two elements for the kernel: its
 * start, and one flagged {@code NFT_SET_ELEM_INTERVAL_END} behind its end. Ranges in a
 * concatenation are one element with two keys.
 */
final class ElementEncoder {
  private final NftSet set;
  private final boolean withContent;

  /**
   * @param withContent data and comment too, not the keys alone
   */
  ElementEncoder(NftSet set, boolean withContent) {
    this.set = set;
    this.withContent = withContent;
  }

  void encode(AttributeWriter writer, Element element) {
    boolean rangesOfFields = set.isInterval() && set.key().isConcatenation();
    int start = writer.begin(LinuxNfTables.NFTA_LIST_ELEM);
    ExpressionEncoder.value(writer, LinuxNfTables.NFTA_SET_ELEM_KEY, element.first());
    if (rangesOfFields) {
      ExpressionEncoder.value(writer, LinuxNfTables.NFTA_SET_ELEM_KEY_END, element.last());
    }
    if (withContent) {
      content(writer, element);
    }
    writer.end(start);
    if (set.isInterval() && !rangesOfFields && !element.last().isAllOnes()) {
      int end = writer.begin(LinuxNfTables.NFTA_LIST_ELEM);
      ExpressionEncoder.value(writer, LinuxNfTables.NFTA_SET_ELEM_KEY, element.last().next());
      writer.beU32(LinuxNfTables.NFTA_SET_ELEM_FLAGS, LinuxNfTables.NFT_SET_ELEM_INTERVAL_END);
      writer.end(end);
    }
  }

  private static void content(AttributeWriter writer, Element element) {
    switch (element.data()) {
      case ElementData.NoData _ -> {}
      case ElementData.VerdictData(Verdict verdict) ->
          ExpressionEncoder.verdict(writer, LinuxNfTables.NFTA_SET_ELEM_DATA, verdict);
      case ElementData.ValueData(Bytes value) ->
          ExpressionEncoder.value(writer, LinuxNfTables.NFTA_SET_ELEM_DATA, value);
      case ElementData.ObjectData(String name) ->
          writer.string(LinuxNfTables.NFTA_SET_ELEM_OBJREF, name);
    }
    if (!element.comment().isEmpty()) {
      writer.bytes(LinuxNfTables.NFTA_SET_ELEM_USERDATA, UserData.ofComment(element.comment()));
    }
  }
}
