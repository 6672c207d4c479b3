package io.ocicat.sync;

/**
 * A container port with a name.
 *
 * @param protocol TCP, UDP or SCTP
 */
public record NamedPort(String name, String protocol, int port) {}
