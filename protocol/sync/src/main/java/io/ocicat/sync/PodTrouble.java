package io.ocicat.sync;

/**
 * Why a pod could not be added to the network, for people.
 *
 * @param uid the pod's; empty if it is not known
 * @param reason one CamelCase word, which does not change while the trouble is the same
 * @param message what is wrong and what to do about it
 */
public record PodTrouble(PodName pod, String uid, String reason, String message) {

  /** Every block of the pools is leased, and those of the node are full. */
  public static final String POOL_EXHAUSTED = "AddressPoolExhausted";

  /** The pools that would serve the node are disabled. */
  public static final String POOL_DISABLED = "AddressPoolDisabled";

  /** There is no pool, or none selects the node. */
  public static final String NO_POOL = "NoAddressPool";

  /** The address, or one at all, cannot be had for another reason. */
  public static final String NO_ADDRESS = "NoAddress";

  /** What policies ask for is not in the kernel, so that the pod must not send a packet. */
  public static final String NO_POLICY = "PolicyNotEnforced";

  /** The pod's interface could not be made. */
  public static final String NOT_WIRED = "NetworkNotWired";
}
