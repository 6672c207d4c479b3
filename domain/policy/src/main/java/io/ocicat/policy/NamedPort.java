package io.ocicat.policy;

import io.ocicat.model.Protocol;

/**
 * A container port with a name.
 *
 * @param number 1 to 65535
 */
public record NamedPort(String name, Protocol protocol, int number) {}
