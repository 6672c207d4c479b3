package io.ocicat.lab;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.libc.NetNamespace;
import io.ocicat.rtnetlink.AddressCodec;
import io.ocicat.rtnetlink.AddressMessage;
import io.ocicat.rtnetlink.LinkCodec;
import io.ocicat.rtnetlink.LinkCodec.NamedLink;
import io.ocicat.rtnetlink.LinkSettings;
import io.ocicat.rtnetlink.RouteCodec;
import io.ocicat.rtnetlink.RouteMessage;
import io.ocicat.rtnetlink.Rtnetlink;
import java.util.ArrayList;
import java.util.List;

/**
 * The network that the nodes stand in: one namespace with a bridge, and a veth pair to each node's.
 *
 * <p>All labs use the same addresses; nothing of one is visible to another or to the host.
 */
public final class Fabric {
  /** The kernel's {@code RTPROT_BOOT}: set up by hand. */
  private static final int PROTOCOL = 3;

  private static final int V4_BITS = 16;
  private static final int V6_BITS = 64;
  private static final IpAddress NET4 = IpAddress.parse("172.31.0.0");
  private static final IpAddress NET6 = IpAddress.parse("fd31::");
  private static final int GATEWAY = 0xfffe;

  /** Addresses beyond the fabric, for what pods send outside. */
  static final List<IpAddress> WORLD =
      List.of(IpAddress.parse("192.0.2.1"), IpAddress.parse("2001:db8::1"));

  private final LabSpec.Families families;

  public Fabric(LabSpec.Families families) {
    this.families = families;
  }

  /** The addresses of the fabric's own end: there agents find the controller. */
  public List<IpAddress> gateway() {
    return addresses(GATEWAY);
  }

  /** The addresses of node {@code number}, counted from 1. */
  public List<IpAddress> node(int number) {
    return addresses(number);
  }

  private List<IpAddress> addresses(int host) {
    return switch (families) {
      case DUAL_STACK -> List.of(NET4.plus(host), NET6.plus(host));
      case IPV6 -> List.of(NET6.plus(host));
    };
  }

  /** Fills the fabric's namespace. */
  public void layBridge(NetNamespace fabric) {
    try (Rtnetlink links = Rtnetlink.openIn(fabric)) {
      links.execute(LinkCodec.setLink("lo", LinkSettings.NONE.up()));
      for (IpAddress address : WORLD) {
        links.execute(
            AddressCodec.newAddress(
                AddressMessage.of(address, address.family().bits(), index(links, "lo"))));
      }
      links.execute(LinkCodec.newLink("bridge", new NamedLink("br0", LinkSettings.NONE.up())));
      address(links, "br0", gateway());
    }
  }

  /** Connects a node's namespace to the bridge and gives it its addresses. */
  public void plug(NetNamespace fabric, NetNamespace node, int number) {
    try (Rtnetlink inFabric = Rtnetlink.openIn(fabric);
        Rtnetlink inNode = Rtnetlink.openIn(node)) {
      inNode.execute(LinkCodec.setLink("lo", LinkSettings.NONE.up()));
      inNode.execute(
          LinkCodec.newVeth(
              new NamedLink("eth0", LinkSettings.NONE.up()),
              new NamedLink("node-" + number, LinkSettings.NONE),
              fabric.fd()));
      int bridge = index(inFabric, "br0");
      inFabric.execute(LinkCodec.setLink("node-" + number, LinkSettings.NONE.master(bridge).up()));
      address(inNode, "eth0", node(number));
      int eth0 = index(inNode, "eth0");
      for (IpAddress gateway : gateway()) {
        Cidr everything = Cidr.containing(gateway, 0);
        inNode.execute(RouteCodec.newRoute(RouteMessage.via(everything, gateway, eth0, PROTOCOL)));
      }
    }
  }

  private static void address(Rtnetlink links, String link, List<IpAddress> addresses) {
    List<AddressMessage> messages = new ArrayList<>();
    for (IpAddress address : addresses) {
      int bits = address.toBytes().length == 4 ? V4_BITS : V6_BITS;
      messages.add(AddressMessage.of(address, bits, index(links, link)));
    }
    messages.forEach(message -> links.execute(AddressCodec.newAddress(message)));
  }

  private static int index(Rtnetlink links, String name) {
    return links
        .link(name)
        .orElseThrow(() -> new LabException("find link " + name + " just made: it is gone"))
        .index();
  }
}
