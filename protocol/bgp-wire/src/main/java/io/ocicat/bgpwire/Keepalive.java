package io.ocicat.bgpwire;

import io.ocicat.bgpwire.iana.MessageType;
import java.nio.ByteBuffer;

/** KEEPALIVE: a header alone (RFC 4271 §4.4). */
public record Keepalive() implements Message {

  @Override
  public void encode(ByteBuffer out) {
    Headers.end(out, Headers.begin(out, MessageType.KEEPALIVE));
  }
}
