package io.ocicat.store;

/** What became of an update. */
public sealed interface UpdateResult permits Written, Conflict, NotFound {}
