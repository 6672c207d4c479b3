package io.ocicat.store;

/**
 * The write is durable.
 *
 * @param object the new state; after a delete the last state, at the revision of the deletion
 */
public record Written(StoredObject object) implements CreateResult, UpdateResult, DeleteResult {}
