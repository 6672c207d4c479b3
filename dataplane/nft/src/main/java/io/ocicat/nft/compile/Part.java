package io.ocicat.nft.compile;

/** A chain that others lead to, named by its content: there as long as one of them is. */
interface Part {

  String name();

  Piece piece();
}
