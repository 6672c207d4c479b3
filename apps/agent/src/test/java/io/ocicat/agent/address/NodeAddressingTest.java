package io.ocicat.agent.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.rtnetlink.AddressMessage;
import io.ocicat.rtnetlink.LinkMessage;
import io.ocicat.rtnetlink.LinuxIfAddr;
import io.ocicat.rtnetlink.LinuxRtnetlink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NodeAddressingTest {

  private static final IpAddress FAR = IpAddress.parse("8.8.8.8");

  /**
   * A node with a bridge of a container engine, two network cards and a virtual private network.
   */
  private static NodeView view() {
    List<LinkMessage> links = new ArrayList<>();
    List<AddressMessage> addresses = new ArrayList<>();
    String[][] table = {
      {"lo", "10.255.0.1/32"},
      {"docker0", "172.17.0.1/16"},
      {"ens3", "fe80::3/64", "192.0.2.10/24", "192.0.2.11/24", "2001:db8:a::10/64"},
      {"ens4", "198.51.100.10/24", "fd00:4::10/64"},
      {"wg0", "10.9.0.1/24"},
    };
    for (String[] row : table) {
      int index = links.size() + 1;
      links.add(LinkMessage.named(row[0], index));
      for (int i = 1; i < row.length; i++) {
        Cidr cidr = Cidr.parseLenient(row[i]);
        IpAddress own = IpAddress.parse(row[i].split("/")[0]);
        addresses.add(AddressMessage.of(own, cidr.prefixLength(), index));
      }
    }
    return new NodeView(
        links,
        addresses,
        to -> to.equals(FAR) ? Optional.of(IpAddress.parse("198.51.100.10")) : Optional.empty(),
        List.of(IpAddress.parse("203.0.113.5"), IpAddress.parse("2001:db8:f::5")));
  }

  private static NodeAddressing.Found find(NodeView view, IpFamily family, String method) {
    return NodeAddressing.by(Map.of(family, AddressMethod.parse(method).orElseThrow())).find(view);
  }

  @ParameterizedTest(name = "{0} {1} is {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          IPV4 | first-found                     | 192.0.2.10
          IPV6 | first-found                     | 2001:db8:a::10
          IPV4 | kubernetes-internal-ip          | 203.0.113.5
          IPV6 | kubernetes-internal-ip          | 2001:db8:f::5
          IPV4 | can-reach=8.8.8.8               | 198.51.100.10
          IPV4 | interface=ens4                  | 198.51.100.10
          IPV6 | interface=ens4                  | fd00:4::10
          IPV4 | interface=eth.*,wg0,ens.*       | 10.9.0.1
          IPV4 | interface=docker0               | 172.17.0.1
          IPV4 | skip-interface=ens3             | 198.51.100.10
          IPV4 | skip-interface=ens.*            | 10.9.0.1
          IPV4 | cidr=10.9.0.0/16,198.51.0.0/16  | 198.51.100.10
          IPV6 | cidr=fd00::/8                   | fd00:4::10
          IPV4 | 192.0.2.99                      | 192.0.2.99
          """)
  void findsByEachMethod(IpFamily family, String method, String expected) {
    assertThat(find(view(), family, method))
        .isEqualTo(new NodeAddressing.Found.Addresses(List.of(IpAddress.parse(expected))));
    assertThat(AddressMethod.parse(method).orElseThrow()).hasToString(method);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          IPV4 | can-reach=9.9.9.9
          IPV6 | can-reach=8.8.8.8
          IPV4 | interface=en
          IPV4 | cidr=10.0.0.0/16
          IPV4 | skip-interface=.*
          """)
  void namesTheCandidatesWhenThereIsNone(IpFamily family, String method) {
    assertThat(find(view(), family, method))
        .isInstanceOfSatisfying(
            NodeAddressing.Found.Nothing.class,
            nothing ->
                assertThat(nothing.reason())
                    .contains(method)
                    .contains(
                        family == IpFamily.IPV4
                            ? new String[] {"192.0.2.10 on ens3", "203.0.113.5 as InternalIP"}
                            : new String[] {"fd00:4::10 on ens4"}));
  }

  @Test
  void theDefaultTakesTheFamiliesThereAreAndNeedsOne() {
    NodeAddressing byDefault = NodeAddressing.byDefault(new AddressMethod.KubernetesInternalIp());
    List<IpAddress> one = List.of(IpAddress.parse("192.0.2.1"));
    assertThat(byDefault.find(new NodeView(List.of(), List.of(), _ -> Optional.empty(), one)))
        .isEqualTo(new NodeAddressing.Found.Addresses(one));
    assertThat(byDefault.find(new NodeView(List.of(), List.of(), _ -> Optional.empty(), List.of())))
        .asString()
        .contains("no IPv4 address by kubernetes-internal-ip; candidates were: none");
    assertThat(NodeAddressing.by(Map.of(IpFamily.IPV4, new AddressMethod.None())).find(view()))
        .asString()
        .contains("none for every family");
  }

  @Test
  void everyMethodThatIsNamedHasToFind() {
    NodeAddressing both =
        NodeAddressing.by(
            Map.of(
                IpFamily.IPV4,
                new AddressMethod.FirstFound(),
                IpFamily.IPV6,
                AddressMethod.parse("interface=wg0").orElseThrow()));
    assertThat(both.find(view())).asString().contains("no IPv6 address by interface=wg0");
    NodeAddressing byDefault = NodeAddressing.byDefault(new AddressMethod.KubernetesInternalIp());
    assertThat(byDefault.with(Map.of(IpFamily.IPV6, new AddressMethod.FirstFound())).find(view()))
        .isEqualTo(
            new NodeAddressing.Found.Addresses(
                List.of(IpAddress.parse("203.0.113.5"), IpAddress.parse("2001:db8:a::10"))));
    AddressMethod interfaceWg0 = AddressMethod.parse("interface=wg0").orElseThrow();
    assertThat(byDefault.with(Map.of(IpFamily.IPV6, interfaceWg0)).find(view()))
        .asString()
        .contains("no IPv6 address by interface=wg0");
  }

  @Test
  void passesOverWhatIsDownOrNotUsableYet() {
    LinkMessage up = LinkMessage.named("ens4", 4);
    LinkMessage down =
        new LinkMessage(3, 0, "ens3", "", 1500, LinkMessage.NO_ADDRESS, "", 0, 0, 0, -1, List.of());
    NodeView view =
        new NodeView(
            List.of(down, up),
            List.of(
                AddressMessage.of(IpAddress.parse("192.0.2.1"), 24, 3),
                new AddressMessage(
                    IpAddress.parse("2001:db8::1"),
                    64,
                    4,
                    LinuxIfAddr.IFA_F_TENTATIVE,
                    LinuxRtnetlink.RT_SCOPE_UNIVERSE,
                    List.of()),
                AddressMessage.of(IpAddress.parse("2001:db8::2"), 64, 4)),
            _ -> Optional.empty(),
            List.of());
    assertThat(NodeAddressing.byDefault(new AddressMethod.FirstFound()).find(view))
        .isEqualTo(new NodeAddressing.Found.Addresses(List.of(IpAddress.parse("2001:db8::2"))));
  }

  @ParameterizedTest
  @CsvSource({
    "best",
    "interface=",
    "interface=(",
    "cidr=1.2.3.4/33",
    "can-reach=host.example",
    "''"
  })
  void refusesWhatIsNoMethod(String text) {
    assertThat(AddressMethod.parse(text)).isEmpty();
  }
}
