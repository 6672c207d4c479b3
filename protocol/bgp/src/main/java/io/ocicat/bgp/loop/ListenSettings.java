package io.ocicat.bgp.loop;

import io.ocicat.inet.IpAddress;

/**
 * Where to listen.
 *
 * @param address of one family, also for the unspecified one
 * @param port 0 for the kernel's choice
 * @param device the interface to listen on alone; empty for all
 */
public record ListenSettings(IpAddress address, int port, String device) {}
