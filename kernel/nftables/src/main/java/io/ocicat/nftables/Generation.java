package io.ocicat.nftables;

/** A state of the whole rule set of a network namespace; each commit of anybody makes a new one. */
public record Generation(int id) {}
