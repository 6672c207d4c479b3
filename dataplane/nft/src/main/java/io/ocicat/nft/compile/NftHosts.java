package io.ocicat.nft.compile;

import io.ocicat.policy.HostPolicy;
import io.ocicat.policy.HostSettings;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What decides about traffic of the node itself and of its interfaces that are no pods'.
 *
 * @param byInterface the host endpoints of single interfaces
 * @param others that of all other interfaces but pods'
 */
public record NftHosts(
    HostSettings settings, Map<String, Endpoint> byInterface, Optional<Endpoint> others) {

  /** A node without host endpoints. */
  public static final NftHosts NONE =
      new NftHosts(HostSettings.DEFAULT, Map.of(), Optional.empty());

  /**
   * A host endpoint.
   *
   * @param policy from {@link io.ocicat.policy.PolicyIndex#hostPolicy}
   */
  public record Endpoint(String name, HostPolicy policy) {}

  public NftHosts {
    byInterface = Collections.unmodifiableMap(new TreeMap<>(byInterface));
  }
}
