package io.ocicat.sync;

/** Names one interface of one container, as CNI does. */
public record EndpointKey(String containerId, String interfaceName) {}
