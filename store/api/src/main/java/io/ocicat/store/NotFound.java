package io.ocicat.store;

/**
 * Nothing was written: there is no such object.
 *
 * @param key the key that holds nothing
 */
public record NotFound(ResourceKey key) implements UpdateResult, DeleteResult {}
