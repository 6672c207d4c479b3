package io.ocicat.nft.compile;

import io.ocicat.nftables.NftTable;

/** Makes the node's whole table from nothing. */
public final class NftCompiler {

  private NftCompiler() {}

  public static NftTable compile(NftInput input) {
    NodeTable table = new NodeTable();
    input.groups().forEach(table::setGroup);
    table.setMasquerade(input.masquerade());
    input.endpoints().forEach(table::put);
    table.setHosts(input.hosts());
    return table.snapshot();
  }
}
