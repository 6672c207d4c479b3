package io.ocicat.bgp.rib;

import io.ocicat.bgpwire.AttributeCache;
import io.ocicat.bgpwire.Family;

/** What the parts of the tables share. */
interface RibCore {
  AttributeTable attributes();

  PeerIndex peers();

  UpdateEncoder.Scratch scratch();

  /** Attribute sets by their octets, for all parsers. */
  AttributeCache cache();

  Background background();

  RibSettings settings();

  default long defaultLocalPref() {
    return settings().decision().defaultLocalPref();
  }

  /** The device of one of our own routes; empty: none. */
  String device(Family family, int net);

  /** Groups say nothing yet: the selection waits for neighbours after a restart (RFC 4724 §4.1). */
  boolean deferred();
}
