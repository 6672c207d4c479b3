package io.ocicat.bgp.session;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;

/** Where a neighbour is. */
public sealed interface PeerAddress {

  /** The interface that it is on; empty if the address says enough. */
  String device();

  /**
   * A neighbour with a known address.
   *
   * @param device needed for a link-local address; else it binds the connection to the interface
   */
  record At(IpAddress address, String device) implements PeerAddress {
    public At {
      if (address.isLinkLocal() && address.family() == IpFamily.IPV6 && device.isEmpty()) {
        throw new IllegalArgumentException(
            "the link-local address %s needs the interface that it is on".formatted(address));
      }
    }

    @Override
    public String toString() {
      return device.isEmpty() ? address.toString() : address + "%" + device;
    }
  }

  /** The one neighbour on an interface, whose link-local address has to be found. */
  record On(String device) implements PeerAddress {
    public On {
      if (device.isEmpty()) {
        throw new IllegalArgumentException("a neighbour without address needs an interface");
      }
    }

    @Override
    public String toString() {
      return "on " + device;
    }
  }
}
