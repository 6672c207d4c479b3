package io.ocicat.controller;

import io.ocicat.inet.IpAddress;
import java.util.Optional;

/** Whose an address is, at the moment. */
@FunctionalInterface
public interface AddressBook {

  /** The pod or node with that address. */
  Optional<Owner> owner(IpAddress address);

  /** Who has an address. */
  sealed interface Owner {

    /** A pod, which may be without a Pod object. */
    record OfPod(String namespace, String name) implements Owner {}

    /** A node. */
    record OfNode(String name) implements Owner {}
  }
}
