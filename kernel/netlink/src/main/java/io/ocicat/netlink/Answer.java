package io.ocicat.netlink;

import java.util.List;

/** The kernel's answer to one request of several. */
public sealed interface Answer {

  /**
   * Done.
   *
   * @param replies messages that came before the acknowledgement
   */
  record Acknowledged(List<NlMessage> replies) implements Answer {
    public Acknowledged {
      replies = List.copyOf(replies);
    }
  }

  /** Not done; the other requests of the same datagram were tried nevertheless. */
  record Refused(NetlinkException cause) implements Answer {}
}
