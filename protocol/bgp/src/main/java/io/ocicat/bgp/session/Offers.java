package io.ocicat.bgp.session;

import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.iana.Role;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What our OPEN says that we can. What is always offered has no word here: 4-octet AS numbers. */
public final class Offers {

  public static final Offers DEFAULT =
      new Offers(
          Map.of(
              Family.IPV4_UNICAST, FamilyOffer.DEFAULT, Family.IPV6_UNICAST, FamilyOffer.DEFAULT),
          new Switches(true, true, true, true),
          GracefulRestart.DEFAULT,
          null,
          false);

  /**
   * What is on or off.
   *
   * @param extendedNextHop IPv4 prefixes over IPv6 next hops, RFC 8950
   * @param extendedMessages messages up to 65535 octets, RFC 8654
   * @param routeRefresh RFC 2918
   * @param enhancedRefresh RFC 7313
   */
  public record Switches(
      boolean extendedNextHop,
      boolean extendedMessages,
      boolean routeRefresh,
      boolean enhancedRefresh) {}

  private final Map<Family, FamilyOffer> families;
  private final Switches switches;
  private final GracefulRestart graceful;
  private final @Nullable Role role;
  private final boolean roleDemanded;

  private Offers(
      Map<Family, FamilyOffer> families,
      Switches switches,
      GracefulRestart graceful,
      @Nullable Role role,
      boolean roleDemanded) {
    this.families = Map.copyOf(families);
    this.switches = switches;
    this.graceful = graceful;
    this.role = role;
    this.roleDemanded = roleDemanded;
  }

  public Offers families(Map<Family, FamilyOffer> others) {
    return new Offers(others, switches, graceful, role, roleDemanded);
  }

  public Offers switches(Switches others) {
    return new Offers(families, others, graceful, role, roleDemanded);
  }

  public Offers graceful(GracefulRestart other) {
    return new Offers(families, switches, other, role, roleDemanded);
  }

  /** We have a role towards the neighbour, RFC 9234. */
  public Offers role(Role ours) {
    return new Offers(families, switches, graceful, ours, roleDemanded);
  }

  /** A neighbour that tells no role is refused: the strict mode of RFC 9234 §4.2. */
  public Offers demandingRole() {
    return new Offers(families, switches, graceful, role, true);
  }

  public Map<Family, FamilyOffer> families() {
    return new TreeMap<>(families);
  }

  public Switches switches() {
    return switches;
  }

  public GracefulRestart graceful() {
    return graceful;
  }

  public Optional<Role> role() {
    return Optional.ofNullable(role);
  }

  public boolean roleDemanded() {
    return roleDemanded;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Offers that
        && families.equals(that.families)
        && switches.equals(that.switches)
        && graceful.equals(that.graceful)
        && role == that.role
        && roleDemanded == that.roleDemanded;
  }

  @Override
  public int hashCode() {
    return families.hashCode() * 31 + switches.hashCode();
  }
}
