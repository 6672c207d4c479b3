package io.ocicat.sync;

import io.ocicat.inet.IpAddress;

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
   * @param policy that decided; {@link PolicyRef#NONE} for the end of a tier
   * @param rule the field path of the rule; empty for the end of a tier or policy
   */
  public record Decision(
      String action, String direction, String tier, PolicyRef policy, String rule) {}
}
