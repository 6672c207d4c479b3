package io.ocicat.model;

/** Which ICMP messages a Calico rule is about. */
public sealed interface IcmpMatch {
  /** The rule says nothing of ICMP messages. */
  record NotGiven() implements IcmpMatch {}

  /**
   * All messages of a type.
   *
   * @param type 0 to 254
   */
  record OfType(int type) implements IcmpMatch {}

  /**
   * Messages of a type with a code.
   *
   * @param type 0 to 254
   * @param code 0 to 255
   */
  record OfTypeAndCode(int type, int code) implements IcmpMatch {}
}
