package io.ocicat.bench;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.Ipv4Address;
import io.ocicat.libc.NetNamespace;
import io.ocicat.rtnetlink.AddressCodec;
import io.ocicat.rtnetlink.AddressMessage;
import io.ocicat.rtnetlink.LinkCodec;
import io.ocicat.rtnetlink.LinkCodec.NamedLink;
import io.ocicat.rtnetlink.LinkSettings;
import io.ocicat.rtnetlink.Rtnetlink;

/** Two namespaces with a link between them: the speaker under test, and all its neighbours. */
final class BgpField implements AutoCloseable {

  /** Neighbours that there can be. */
  static final int NEIGHBOURS = 250;

  static final IpAddress SPEAKER = IpAddress.parse("10.99.0.1");
  static final int SPEAKER_AS = 65000;
  private static final int FIRST_NEIGHBOUR = 0x0a630101;
  private static final int FIRST_AS = 64701;
  private static final int PREFIX_BITS = 16;

  final NetNamespace speaker = NetNamespace.create();
  final NetNamespace neighbours = NetNamespace.create();

  BgpField() {
    try (Rtnetlink here = Rtnetlink.openIn(speaker);
        Rtnetlink there = Rtnetlink.openIn(neighbours)) {
      here.execute(LinkCodec.setLink("lo", LinkSettings.NONE.up()));
      there.execute(LinkCodec.setLink("lo", LinkSettings.NONE.up()));
      here.execute(
          LinkCodec.newVeth(
              new NamedLink("eth0", LinkSettings.NONE.up()),
              new NamedLink("eth0", LinkSettings.NONE),
              neighbours.fd()));
      there.execute(LinkCodec.setLink("eth0", LinkSettings.NONE.up()));
      address(here, SPEAKER);
      for (int number = 0; number < NEIGHBOURS; number++) {
        address(there, neighbour(number));
      }
    }
  }

  private static void address(Rtnetlink links, IpAddress address) {
    int index = links.link("eth0").orElseThrow().index();
    links.execute(AddressCodec.newAddress(AddressMessage.of(address, PREFIX_BITS, index)));
  }

  static IpAddress neighbour(int number) {
    return new Ipv4Address(FIRST_NEIGHBOUR + number);
  }

  static int as(int number) {
    return FIRST_AS + number;
  }

  @Override
  public void close() {
    speaker.close();
    neighbours.close();
  }
}
