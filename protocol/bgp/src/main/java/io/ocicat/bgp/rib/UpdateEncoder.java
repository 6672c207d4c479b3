package io.ocicat.bgp.rib;

import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.EncodedAttributes;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.RouteRefresh;
import io.ocicat.bgpwire.SendTraits;
import io.ocicat.bgpwire.UpdateWriter;
import io.ocicat.bgpwire.iana.RefreshSubtype;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Puts announcements and withdrawals of a group into UPDATEs, as full as they can be. */
final class UpdateEncoder {
  /** Working memory that all encoders of one thread share. */
  static final class Scratch {
    private ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
  }

  private final UpdateWriter writer;
  private final Scratch scratch;
  private @Nullable EncodedAttributes announcing;
  private @Nullable GroupFamily family;

  UpdateEncoder(SendTraits traits, Scratch scratch) {
    this.writer = new UpdateWriter(traits);
    this.scratch = scratch;
  }

  /** Attributes as sent, or null if they are so long that no prefix fits a message with them. */
  @Nullable EncodedAttributes attributes(Family of, Attributes attributes) {
    EncodedAttributes encoded = writer.encode(of, attributes);
    return writer.fits(encoded) ? encoded : null;
  }

  void begin(GroupFamily of) {
    family = of;
    announcing = null;
    scratch.buffer.clear();
    writer.begin(scratch.buffer);
  }

  /** Items that follow are announced with these. */
  void announcing(EncodedAttributes attributes) {
    announcing = attributes;
    writer.announcing(attributes);
  }

  void withdrawing() {
    announcing = null;
    writer.withdrawing(family().table.family);
  }

  void item(int item) {
    while (!write(item)) {
      writer.finish();
      ByteBuffer bigger = ByteBuffer.allocate(scratch.buffer.capacity() * 2);
      bigger.put(scratch.buffer.flip());
      scratch.buffer = bigger;
      writer.begin(bigger);
      EncodedAttributes again = announcing;
      if (again == null) {
        writer.withdrawing(family().table.family);
      } else {
        writer.announcing(again);
      }
    }
  }

  private boolean write(int item) {
    GroupFamily of = family();
    PrefixTable prefixes = of.table.prefixes;
    int net = of.out.net(item);
    int length = prefixes.lengthOf(net);
    int pathId = of.out.pathId(item);
    return of.table.family.isIpv6()
        ? writer.v6(prefixes.highOf(net), prefixes.lowOf(net), length, pathId)
        : writer.v4((int) (prefixes.highOf(net) >>> 32), length, pathId);
  }

  /** The whole messages since {@link #begin}, read-only. */
  ByteBuffer end() {
    writer.finish();
    return copy(scratch.buffer);
  }

  ByteBuffer endOfRib(Family of) {
    scratch.buffer.clear();
    writer.begin(scratch.buffer);
    if (!writer.endOfRib(of)) {
      throw new IllegalStateException("End-of-RIB does not fit " + scratch.buffer);
    }
    return end();
  }

  static ByteBuffer refresh(Family of, RefreshSubtype subtype) {
    return new RouteRefresh(of, subtype).toBuffer().asReadOnlyBuffer();
  }

  private static ByteBuffer copy(ByteBuffer written) {
    byte[] octets = new byte[written.position()];
    written.get(0, octets);
    return ByteBuffer.wrap(octets).asReadOnlyBuffer();
  }

  private GroupFamily family() {
    GroupFamily of = family;
    if (of == null) {
      throw new IllegalStateException("nothing was begun");
    }
    return of;
  }
}
