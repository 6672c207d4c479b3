package io.ocicat.plan;

import io.ocicat.inet.IpAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The link of one pod as the node sees it.
 *
 * @param hostInterface the node's end of it, see {@link #hostInterface(String, String)}
 * @param containerId the runtime's id of the sandbox
 * @param ifname the interface in the pod
 * @param namespace the pod's namespace
 * @param pod the pod's name
 * @param addresses the pod's addresses, IPv4 and IPv6
 */
public record PodLink(
    String hostInterface,
    String containerId,
    String ifname,
    String namespace,
    String pod,
    List<IpAddress> addresses) {

  /** How the names of our interfaces start. */
  public static final String HOST_INTERFACE_PREFIX = "oci";

  /** How the aliases of our interfaces start. */
  public static final String ALIAS_PREFIX = "ocicat:";

  // IFALIASZ of linux/if.h is 256 with the zero byte.
  private static final int ALIAS_MAX_BYTES = 255;

  public PodLink {
    addresses = List.copyOf(addresses);
  }

  /** The link of that pod, with the host interface that belongs to it. */
  public static PodLink of(
      String containerId,
      String ifname,
      String namespace,
      String pod,
      List<? extends IpAddress> addresses) {
    return new PodLink(
        hostInterface(containerId, ifname),
        containerId,
        ifname,
        namespace,
        pod,
        List.copyOf(addresses));
  }

  /**
   * The node's end of a link: {@code oci} and the first 12 hex digits of SHA-256 over container id,
   * a zero byte and interface name.
   */
  public static String hostInterface(String containerId, String ifname) {
    return HOST_INTERFACE_PREFIX
        + HexFormat.of().formatHex(digest(containerId, ifname)).substring(0, 12);
  }

  /** The hash that names derived from a link come from. */
  public static byte[] digest(String containerId, String ifname) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(containerId.getBytes(StandardCharsets.UTF_8));
      sha256.update((byte) 0);
      return sha256.digest(ifname.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * {@code ocicat:<namespace>/<pod>/<containerId>/<ifname>}. Where the kernel's limit of 255 bytes
   * would be passed, the pod's name is shortened: it is for people, the ids are for programs.
   */
  public String alias() {
    String tail = "/" + containerId + "/" + ifname;
    String head = ALIAS_PREFIX + namespace + "/" + pod;
    int room = ALIAS_MAX_BYTES - tail.length();
    return (head.length() > room ? head.substring(0, room - 1) + "~" : head) + tail;
  }

  /** {@code namespace/pod}, for messages. */
  public String podName() {
    return namespace + "/" + pod;
  }
}
