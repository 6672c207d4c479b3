package io.ocicat.store;

/**
 * Nothing was written: the object is at another revision than the writer expected.
 *
 * @param current what is there
 */
public record Conflict(StoredObject current) implements UpdateResult, DeleteResult {}
