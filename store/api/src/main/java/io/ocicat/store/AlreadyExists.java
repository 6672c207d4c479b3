package io.ocicat.store;

/**
 * Nothing was created: the key is taken.
 *
 * @param current what is there
 */
public record AlreadyExists(StoredObject current) implements CreateResult {}
