package io.ocicat.controller;

import io.ocicat.libc.NetNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a controller listens for agents.
 *
 * @param address port 0: any
 * @param namespace the network namespace; empty: the process's own
 */
public record AgentsSocket(InetSocketAddress address, Optional<Path> namespace) {

  /**
   * A socket that is not bound yet. It stays in the namespace in which it was opened, whoever binds
   * it later.
   *
   * @throws UncheckedIOException if there can be none
   */
  public ServerSocketChannel open() {
    try {
      if (namespace.isEmpty()) {
        return ServerSocketChannel.open();
      }
      try (NetNamespace entered = NetNamespace.open(namespace.get())) {
        return entered.call(ServerSocketChannel::open);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open a socket to listen for agents", e);
    }
  }
}
