package io.ocicat.nft.compile;

import io.ocicat.inet.IpAddress;
import io.ocicat.policy.EndpointPolicy;
import io.ocicat.policy.PodName;
import java.util.List;

/**
 * A pod of this node.
 *
 * @param hostInterface the node's end of its link, unique on the node
 * @param addresses the only ones it may send from
 * @param policy what decides about its traffic, from {@link
 *     io.ocicat.policy.PolicyIndex#endpointPolicy}
 * @param logDenied whether what its policies deny is reported
 */
public record NftEndpoint(
    String hostInterface,
    PodName pod,
    List<IpAddress> addresses,
    EndpointPolicy policy,
    boolean logDenied) {

  /** One of which nothing is reported. */
  public NftEndpoint(
      String hostInterface, PodName pod, List<IpAddress> addresses, EndpointPolicy policy) {
    this(hostInterface, pod, addresses, policy, false);
  }

  public NftEndpoint {
    addresses = addresses.stream().sorted().distinct().toList();
  }
}
