package io.ocicat.sync;

import io.ocicat.inet.IpAddress;
import java.util.List;

/**
 * New connections of one kind that policy denied or logged, counted for a moment.
 *
 * @param pod at whose policy it was; both parts empty if it was the node's own
 * @param podUid empty if it is not known
 * @param peer the other side
 * @param protocol its number
 * @param port of the destination; of ICMP the type, 0 for protocols without either
 * @param decision what was done and why
 * @param packets how many packets were told of; the kernel tells of a bounded number a second
 * @param atMillis when the last of them was seen, since 1970
 */
public record LoggedFlow(
    PodName pod,
    String podUid,
    IpAddress peer,
    int protocol,
    int port,
    Decision decision,
    long packets,
    long atMillis) {

  /**
   * What was done and why.
   *
   * @param action {@code deny} or {@code log}
   * @param direction {@code ingress} or {@code egress}, as the pod sees it
   * @param tier in which it was decided
   * @param policies the rule's; at the end of a tier all that apply and allow nothing of it
   * @param rule its field path; empty for the end of a tier
   */
  public record Decision(
      String action, String direction, String tier, List<PolicyRef> policies, String rule) {
    public Decision {
      policies = List.copyOf(policies);
    }
  }
}
