package io.ocicat.store;

/** What became of a delete. */
public sealed interface DeleteResult permits Written, Conflict, NotFound {}
