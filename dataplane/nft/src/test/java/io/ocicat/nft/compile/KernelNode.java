package io.ocicat.nft.compile;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.inet.MacAddress;
import io.ocicat.libc.NetNamespace;
import io.ocicat.nft.NftReconciler;
import io.ocicat.nftables.NftConnection;
import io.ocicat.rtnetlink.AddressCodec;
import io.ocicat.rtnetlink.AddressMessage;
import io.ocicat.rtnetlink.LinkCodec;
import io.ocicat.rtnetlink.LinkSettings;
import io.ocicat.rtnetlink.NeighbourCodec;
import io.ocicat.rtnetlink.NeighbourMessage;
import io.ocicat.rtnetlink.RouteCodec;
import io.ocicat.rtnetlink.RouteMessage;
import io.ocicat.rtnetlink.Rtnetlink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A host in a namespace of its own that forwards between namespaces at the far ends of links. */
final class KernelNode implements AutoCloseable {

  private static final int PROTOCOL = 79;
  private static final MacAddress HOST_MAC = MacAddress.parse("ee:ee:ee:ee:ee:ee");

  private final NetNamespace host = NetNamespace.create();
  private final Rtnetlink rtnetlink = Rtnetlink.openIn(host);
  private final NftConnection nftables = host.call(NftConnection::open);
  private final NftReconciler reconciler = new NftReconciler(nftables);
  private final List<NetNamespace> guests = new ArrayList<>();
  private final Map<IpAddress, NetNamespace> byAddress = new HashMap<>();

  KernelNode() {
    host.run(
        () -> {
          write("/proc/sys/net/ipv4/ip_forward");
          write("/proc/sys/net/ipv6/conf/all/forwarding");
        });
  }

  private static void write(String file) {
    try {
      Files.writeString(Path.of(file), "1");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot switch on " + file, e);
    }
  }

  /** Adds a namespace with those addresses behind an interface of the host. */
  void attach(String hostInterface, List<IpAddress> addresses) {
    NetNamespace guest = NetNamespace.create();
    guests.add(guest);
    rtnetlink.execute(
        LinkCodec.newVeth(
            new LinkCodec.NamedLink(hostInterface, LinkSettings.NONE.address(HOST_MAC)),
            new LinkCodec.NamedLink("eth0", LinkSettings.NONE),
            guest.fd()));
    try (Rtnetlink inside = Rtnetlink.openIn(guest)) {
      inside.execute(LinkCodec.setLink("eth0", LinkSettings.NONE.up()));
      rtnetlink.execute(
          LinkCodec.setLink(hostInterface, LinkSettings.NONE.withoutAddressGeneration().up()));
      int hostIndex = rtnetlink.link(hostInterface).orElseThrow().index();
      int guestIndex = inside.link("eth0").orElseThrow().index();
      rtnetlink.execute(
          AddressCodec.newAddress(AddressMessage.of(IpAddress.parse("fe80::1"), 64, hostIndex)));
      for (IpAddress address : addresses) {
        byAddress.put(address, guest);
        int bits = address.family().bits();
        inside.execute(AddressCodec.newAddress(AddressMessage.of(address, bits, guestIndex)));
        rtnetlink.execute(
            RouteCodec.newRoute(RouteMessage.onLink(address.toHostCidr(), hostIndex, PROTOCOL)));
      }
      addGateways(inside, guestIndex);
    }
  }

  private static void addGateways(Rtnetlink inside, int index) {
    for (IpFamily family : IpFamily.values()) {
      IpAddress gateway =
          switch (family) {
            case IPV4 -> IpAddress.parse("169.254.1.1");
            case IPV6 -> IpAddress.parse("fe80::1");
          };
      Cidr everything =
          switch (family) {
            case IPV4 -> Cidr.parse("0.0.0.0/0");
            case IPV6 -> Cidr.parse("::/0");
          };
      inside.execute(
          NeighbourCodec.newNeighbour(NeighbourMessage.permanent(gateway, HOST_MAC, index)));
      if (family == IpFamily.IPV4) {
        inside.execute(
            RouteCodec.newRoute(RouteMessage.onLink(gateway.toHostCidr(), index, PROTOCOL)));
      }
      inside.execute(RouteCodec.newRoute(RouteMessage.via(everything, gateway, index, PROTOCOL)));
    }
  }

  /** Gives the host an address of its own. */
  void addHostAddress(String hostInterface, IpAddress address) {
    int index = rtnetlink.link(hostInterface).orElseThrow().index();
    rtnetlink.execute(
        AddressCodec.newAddress(AddressMessage.of(address, address.family().bits(), index)));
    byAddress.put(address, host);
  }

  /** Sends what is for an address to an interface. */
  void route(IpAddress address, String hostInterface) {
    int index = rtnetlink.link(hostInterface).orElseThrow().index();
    rtnetlink.execute(
        RouteCodec.newRoute(RouteMessage.onLink(address.toHostCidr(), index, PROTOCOL)));
  }

  NetNamespace host() {
    return host;
  }

  Optional<NetNamespace> namespaceOf(IpAddress address) {
    return Optional.ofNullable(byAddress.get(address));
  }

  NftReconciler reconciler() {
    return reconciler;
  }

  @Override
  public void close() {
    nftables.close();
    rtnetlink.close();
    guests.forEach(NetNamespace::close);
    host.close();
  }
}
