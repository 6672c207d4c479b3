package io.ocicat.bgpwire;

import io.ocicat.bgpwire.iana.Role;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What roles allow (RFC 9234): which pairs make a session, and the marks that keep routes from
 * leaking. Our role is what we are to the peer.
 */
public final class RoleRules {

  private RoleRules() {}

  /** The role that the peer must have if we have {@code ours} (RFC 9234 §4.2). */
  public static Role counterpart(Role ours) {
    return switch (ours) {
      case PROVIDER -> Role.CUSTOMER;
      case CUSTOMER -> Role.PROVIDER;
      case ROUTE_SERVER -> Role.ROUTE_SERVER_CLIENT;
      case ROUTE_SERVER_CLIENT -> Role.ROUTE_SERVER;
      case PEER -> Role.PEER;
    };
  }

  /**
   * Judges a route that came in (RFC 9234 §5, ingress) and marks it as only for customers where its
   * sender should have.
   *
   * @param peerAs 32 bits unsigned
   * @return empty if the route is a leak and must not be used
   */
  public static Optional<Attributes> onReceive(Role ours, int peerAs, Attributes attributes) {
    OptionalInt otc = attributes.onlyToCustomer();
    return switch (ours) {
      case PROVIDER, ROUTE_SERVER -> otc.isEmpty() ? Optional.of(attributes) : Optional.empty();
      case PEER -> {
        if (otc.isPresent() && otc.getAsInt() != peerAs) {
          yield Optional.empty();
        }
        yield Optional.of(marked(attributes, peerAs));
      }
      case CUSTOMER, ROUTE_SERVER_CLIENT -> Optional.of(marked(attributes, peerAs));
    };
  }

  /**
   * Judges a route on its way out (RFC 9234 §5, egress) and marks it where it goes to a customer,
   * peer or client.
   *
   * @param localAs 32 bits unsigned
   * @return empty if the route must not be sent
   */
  public static Optional<Attributes> onSend(Role ours, int localAs, Attributes attributes) {
    return switch (ours) {
      case PROVIDER, ROUTE_SERVER -> Optional.of(marked(attributes, localAs));
      case PEER ->
          attributes.onlyToCustomer().isPresent()
              ? Optional.empty()
              : Optional.of(marked(attributes, localAs));
      case CUSTOMER, ROUTE_SERVER_CLIENT ->
          attributes.onlyToCustomer().isPresent() ? Optional.empty() : Optional.of(attributes);
    };
  }

  private static Attributes marked(Attributes attributes, int asn) {
    return attributes.onlyToCustomer().isPresent()
        ? attributes
        : attributes.edit().onlyToCustomer(asn).build();
  }
}
