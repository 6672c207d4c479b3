package io.ocicat.rtnetlink;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.libc.LinuxSocket;
import io.ocicat.netlink.AttributeReader;
import io.ocicat.netlink.NetlinkDecodeException;
import java.util.Arrays;
import java.util.Optional;

/** Address families between their numbers and ours. */
final class Families {

  private Families() {}

  static int code(IpFamily family) {
    return switch (family) {
      case IPV4 -> LinuxSocket.AF_INET;
      case IPV6 -> LinuxSocket.AF_INET6;
    };
  }

  static Optional<IpFamily> of(int code) {
    return switch (code) {
      case LinuxSocket.AF_INET -> Optional.of(IpFamily.IPV4);
      case LinuxSocket.AF_INET6 -> Optional.of(IpFamily.IPV6);
      default -> Optional.empty();
    };
  }

  static IpFamily require(int code) {
    return of(code)
        .orElseThrow(() -> new NetlinkDecodeException("neither IPv4 nor IPv6: family " + code));
  }

  static IpAddress unspecified(IpFamily family) {
    return IpAddress.ofBytes(new byte[family.bytes()]);
  }

  static IpAddress address(AttributeReader.Attribute attribute) {
    byte[] bytes = attribute.bytes();
    if (bytes.length != 4 && bytes.length != 16) {
      throw new NetlinkDecodeException(attribute + " is not an IP address");
    }
    return IpAddress.ofBytes(bytes);
  }

  /** {@code struct rtvia}: a family, then an address of it. */
  static IpAddress via(AttributeReader.Attribute attribute) {
    byte[] bytes = attribute.bytes();
    if (bytes.length != 2 + 4 && bytes.length != 2 + 16) {
      throw new NetlinkDecodeException(attribute + " is not a family and an IP address");
    }
    return IpAddress.ofBytes(Arrays.copyOfRange(bytes, 2, bytes.length));
  }
}
