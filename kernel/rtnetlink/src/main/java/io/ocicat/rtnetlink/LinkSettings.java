package io.ocicat.rtnetlink;

import io.ocicat.inet.MacAddress;
import java.util.EnumMap;
import java.util.Map;

/**
 * What to set on a link; everything not set stays as it is.
 *
 * @param flags values of the flags in {@code change}
 * @param change which {@code IFF_…} to change
 * @param mtuBytes 0 to leave
 * @param address {@link LinkMessage#NO_ADDRESS} to leave
 * @param alias empty to leave
 * @param group -1 to leave
 * @param master -1 to leave, 0 for none
 * @param addrGenMode {@code IN6_ADDR_GEN_MODE_…}; -1 to leave
 * @param ipv4Conf per-interface IPv4 parameters
 */
public record LinkSettings(
    int flags,
    int change,
    int mtuBytes,
    MacAddress address,
    String alias,
    int group,
    int master,
    int addrGenMode,
    Map<Ipv4Conf, Integer> ipv4Conf) {

  public static final LinkSettings NONE =
      new LinkSettings(0, 0, 0, LinkMessage.NO_ADDRESS, "", -1, -1, -1, Map.of());

  public LinkSettings {
    ipv4Conf = Map.copyOf(ipv4Conf);
  }

  public LinkSettings up() {
    return withFlags(LinuxIfLink.IFF_UP);
  }

  public LinkSettings down() {
    return withFlags(0);
  }

  private LinkSettings withFlags(int value) {
    return new LinkSettings(
        value, LinuxIfLink.IFF_UP, mtuBytes, address, alias, group, master, addrGenMode, ipv4Conf);
  }

  public LinkSettings mtu(int bytes) {
    return new LinkSettings(
        flags, change, bytes, address, alias, group, master, addrGenMode, ipv4Conf);
  }

  public LinkSettings address(MacAddress mac) {
    return new LinkSettings(
        flags, change, mtuBytes, mac, alias, group, master, addrGenMode, ipv4Conf);
  }

  /** At most 255 bytes; a new link takes none, only an existing one. */
  public LinkSettings alias(String text) {
    return new LinkSettings(
        flags, change, mtuBytes, address, text, group, master, addrGenMode, ipv4Conf);
  }

  public LinkSettings group(int number) {
    return new LinkSettings(
        flags, change, mtuBytes, address, alias, number, master, addrGenMode, ipv4Conf);
  }

  public LinkSettings master(int index) {
    return new LinkSettings(
        flags, change, mtuBytes, address, alias, group, index, addrGenMode, ipv4Conf);
  }

  /**
   * No link-local IPv6 address is made, so there is none whose uniqueness must be waited for. To be
   * set in a request before the one that brings the link up: a single one would do so too late.
   */
  public LinkSettings withoutAddressGeneration() {
    return new LinkSettings(
        flags,
        change,
        mtuBytes,
        address,
        alias,
        group,
        master,
        LinuxIfLink.IN6_ADDR_GEN_MODE_NONE,
        ipv4Conf);
  }

  public LinkSettings ipv4Conf(Ipv4Conf parameter, int value) {
    Map<Ipv4Conf, Integer> conf = new EnumMap<>(Ipv4Conf.class);
    conf.putAll(ipv4Conf);
    conf.put(parameter, value);
    return new LinkSettings(
        flags, change, mtuBytes, address, alias, group, master, addrGenMode, conf);
  }
}
