package io.ocicat.bgp.loop;

/**
 * Is told what happens with a connection; nothing more once {@link Connection#close} was called.
 */
public interface ConnectionHandler {

  /** An outgoing connection stands. */
  void connected(Connection connection);

  /** An outgoing connection did not come about; it is closed already. */
  void failed(Connection connection, String reason);

  /** There is something to read, or the connection has ended: a read tells. */
  void readable(Connection connection);

  /** There is room to write, after {@link Connection#wantWrite}. */
  void writable(Connection connection);
}
