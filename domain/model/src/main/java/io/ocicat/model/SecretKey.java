package io.ocicat.model;

/**
 * Where a password is: a key of a Secret in the namespace of the program.
 *
 * @param secret the name of the Secret
 * @param key the key in its data
 */
public record SecretKey(String secret, String key) {}
