package io.ocicat.links;

import io.ocicat.inet.MacAddress;
import io.ocicat.plan.PodLink;
import java.nio.file.Path;

/**
 * A pod to be given a link.
 *
 * @param netns the pod's network namespace
 * @param mtuBytes of both ends
 * @param podMac of the pod's end
 */
public record WireRequest(PodLink link, Path netns, int mtuBytes, MacAddress podMac) {

  /** With the MAC address that the link's identity gives. */
  public WireRequest(PodLink link, Path netns, int mtuBytes) {
    this(link, netns, mtuBytes, macOf(link));
  }

  /** A locally administered unicast address out of the digest of container id and interface. */
  private static MacAddress macOf(PodLink link) {
    byte[] digest = PodLink.digest(link.containerId(), link.ifname());
    byte[] mac = new byte[6];
    // The digest's first bytes are the host interface's name; these are the next ones.
    System.arraycopy(digest, 6, mac, 0, 6);
    mac[0] = (byte) ((mac[0] & 0xfc) | 0x02);
    return MacAddress.ofBytes(mac);
  }
}
