package io.ocicat.bgpwire;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgpwire.iana.Role;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RoleRulesTest {

  /** What we are, the mark before ('' none), the mark after ('-' the route is refused). */
  @ParameterizedTest
  @CsvSource({
    "PROVIDER, '', ''",
    "PROVIDER, 7, -",
    "ROUTE_SERVER, '', ''",
    "ROUTE_SERVER, 7, -",
    "PEER, '', 65001",
    "PEER, 65001, 65001",
    "PEER, 7, -",
    "CUSTOMER, '', 65001",
    "CUSTOMER, 7, 7",
    "ROUTE_SERVER_CLIENT, '', 65001",
    "ROUTE_SERVER_CLIENT, 7, 7"
  })
  void judgesWhatComesIn(Role ours, String before, String after) {
    assertThat(mark(RoleRules.onReceive(ours, 65001, marked(before)))).isEqualTo(after);
  }

  @ParameterizedTest
  @CsvSource({
    "PROVIDER, '', 65000",
    "PROVIDER, 7, 7",
    "ROUTE_SERVER, '', 65000",
    "PEER, '', 65000",
    "PEER, 7, -",
    "CUSTOMER, '', ''",
    "CUSTOMER, 7, -",
    "ROUTE_SERVER_CLIENT, '', ''",
    "ROUTE_SERVER_CLIENT, 7, -"
  })
  void judgesWhatGoesOut(Role ours, String before, String after) {
    assertThat(mark(RoleRules.onSend(ours, 65000, marked(before)))).isEqualTo(after);
  }

  private static Attributes marked(String otc) {
    AttributesBuilder builder = Attributes.builder();
    return (otc.isEmpty() ? builder : builder.onlyToCustomer(Integer.parseInt(otc))).build();
  }

  private static String mark(Optional<Attributes> attributes) {
    if (attributes.isEmpty()) {
      return "-";
    }
    OptionalInt otc = attributes.get().onlyToCustomer();
    return otc.isEmpty() ? "" : Asn.text(otc.getAsInt());
  }

  @ParameterizedTest
  @EnumSource
  void counterpartsAreMutual(Role role) {
    assertThat(RoleRules.counterpart(RoleRules.counterpart(role))).isEqualTo(role);
  }

  @Test
  void providersFaceCustomers() {
    assertThat(RoleRules.counterpart(Role.PROVIDER)).isEqualTo(Role.CUSTOMER);
  }
}
