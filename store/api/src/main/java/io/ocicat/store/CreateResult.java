package io.ocicat.store;

/** What became of a create. */
public sealed interface CreateResult permits Written, AlreadyExists {}
