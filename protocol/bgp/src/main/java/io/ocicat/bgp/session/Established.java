package io.ocicat.bgp.session;

import io.ocicat.bgp.loop.SocketEnd;

/** A session that stands: what was agreed, and between which ends. */
public record Established(Negotiated negotiated, SocketEnd local, SocketEnd remote) {}
