package io.ocicat.model;

import io.ocicat.inet.Cidr;
import java.util.List;

/**
 * What a Calico rule asks of one end of the traffic. All that is given has to hold; an end of which
 * nothing is asked may be anything.
 *
 * @param nets the address is in one of these; empty for any address
 * @param notNets the address is in none of these
 * @param selector the end is an endpoint or network set with such labels
 * @param notSelector the end is none with such labels
 * @param namespaceSelector which namespaces {@code selector} looks into, by their labels, or {@code
 *     global()} for what is in none; when left out, those that the policy's own scope says
 * @param serviceAccounts which service accounts the endpoint may run as
 * @param service the Service whose endpoints the end is one of
 * @param ports the port is one of these; empty for any port
 * @param notPorts the port is none of these
 */
public record EntityRule(
    List<Cidr> nets,
    List<Cidr> notNets,
    SelectorField selector,
    SelectorField notSelector,
    SelectorField namespaceSelector,
    ServiceAccounts serviceAccounts,
    ServiceName service,
    List<RulePort> ports,
    List<RulePort> notPorts) {
  /** Anything. */
  public static final EntityRule ANYTHING =
      new EntityRule(
          List.of(),
          List.of(),
          new SelectorField.NotGiven(),
          new SelectorField.NotGiven(),
          new SelectorField.NotGiven(),
          ServiceAccounts.NOT_GIVEN,
          ServiceName.NOT_GIVEN,
          List.of(),
          List.of());

  /**
   * Service accounts: one of the names, if there are any, and labels that the selector matches.
   *
   * @param names the names
   * @param selector over the labels of service accounts
   */
  public record ServiceAccounts(List<String> names, SelectorField selector) {
    /** Nothing is asked of service accounts. */
    public static final ServiceAccounts NOT_GIVEN =
        new ServiceAccounts(List.of(), new SelectorField.NotGiven());

    /** Copies the list. */
    public ServiceAccounts {
      names = List.copyOf(names);
    }

    /** Whether anything is asked of service accounts. */
    public boolean isGiven() {
      return !names.isEmpty() || selector.isGiven();
    }
  }

  /**
   * The name of a Service. Its endpoints decide on addresses, and for destinations on protocols and
   * ports too.
   *
   * @param namespace its namespace; that of the policy where the document says nothing
   * @param name empty if no Service is asked for
   */
  public record ServiceName(String namespace, String name) {
    /** No Service is asked for. */
    public static final ServiceName NOT_GIVEN = new ServiceName("", "");

    /** Whether a Service is asked for. */
    public boolean isGiven() {
      return !name.isEmpty();
    }
  }

  /** Copies the lists. */
  public EntityRule {
    nets = List.copyOf(nets);
    notNets = List.copyOf(notNets);
    ports = List.copyOf(ports);
    notPorts = List.copyOf(notPorts);
  }
}
