package io.ocicat.bgp.loop;

import org.jspecify.annotations.Nullable;

/** Judges connections that come in. */
@FunctionalInterface
public interface Acceptor {

  /**
   * @return who is told of the connection from now on; null if it is to be reset
   */
  @Nullable ConnectionHandler accept(Connection connection);
}
