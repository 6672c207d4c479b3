package io.ocicat.agent.address;

import io.ocicat.agent.address.NodeView.Candidate;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.rtnetlink.LinkMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the node's addresses are found.
 *
 * @param methods by family; a family without one has no address
 * @param required the families that have to have one; of all together one has to
 */
public record NodeAddressing(Map<IpFamily, AddressMethod> methods, Set<IpFamily> required) {

  /** Links that container engines, overlays and other tools make for themselves. */
  private static final Pattern FOREIGN =
      Pattern.compile(
          "lo|(oci|docker|cbr|br-|dummy|virbr|lxcbr|lxdbr|veth|cali|tunl|flannel|kube-ipvs|cni|cilium"
              + "|vxlan[.-]|wireguard[.]cali|wg-v6[.]cali|podman|nodelocaldns).*");

  public NodeAddressing {
    methods = new TreeMap<>(methods);
    required = Set.copyOf(required);
  }

  /** What came of looking. */
  public sealed interface Found {

    /**
     * @param addresses IPv4 before IPv6, one of a family unless more were given
     */
    record Addresses(List<IpAddress> addresses) implements Found {
      public Addresses {
        addresses = List.copyOf(addresses);
      }
    }

    /** A sentence that names what there was to choose from. */
    record Nothing(String reason) implements Found {}
  }

  /** Tries the method for both families, and is content with one of them. */
  public static NodeAddressing byDefault(AddressMethod method) {
    return new NodeAddressing(Map.of(IpFamily.IPV4, method, IpFamily.IPV6, method), Set.of());
  }

  /** These methods and no others, each of which has to find an address. */
  public static NodeAddressing by(Map<IpFamily, AddressMethod> methods) {
    return new NodeAddressing(methods, methods.keySet());
  }

  /** These methods, each of which has to find an address, in place of those that there are. */
  public NodeAddressing with(Map<IpFamily, AddressMethod> others) {
    Map<IpFamily, AddressMethod> all = new TreeMap<>(methods);
    all.putAll(others);
    return new NodeAddressing(all, others.keySet());
  }

  /** Chooses. Pure but for the view's route lookups. */
  public Found find(NodeView view) {
    List<IpAddress> found = new ArrayList<>();
    Map<IpFamily, String> failures = new TreeMap<>();
    methods.forEach(
        (family, method) -> {
          Optional<IpAddress> address = find(family, method, view);
          address.ifPresent(found::add);
          if (address.isEmpty() && !(method instanceof AddressMethod.None)) {
            failures.put(family, failure(family, method, view));
          }
        });
    if (found.isEmpty() || required.stream().anyMatch(failures::containsKey)) {
      return new Found.Nothing(
          failures.isEmpty()
              ? "nodeAddresses says none for every family; give the node one"
              : String.join("; ", failures.values()));
    }
    return new Found.Addresses(found);
  }

  private static Optional<IpAddress> find(IpFamily family, AddressMethod method, NodeView view) {
    return switch (method) {
      case AddressMethod.Given(var address) ->
          Optional.of(address).filter(given -> given.family() == family);
      case AddressMethod.None() -> Optional.empty();
      case AddressMethod.FirstFound() -> first(view, family, NodeAddressing::isOwn);
      case AddressMethod.SkipInterface(var names) ->
          first(view, family, link -> isOwn(link) && !isNamed(names, link));
      case AddressMethod.OnInterface(var names) ->
          names.stream()
              .flatMap(name -> first(view, family, link -> isNamed(List.of(name), link)).stream())
              .findFirst();
      case AddressMethod.InCidr(var cidrs) ->
          view.candidates(family, _ -> true).stream()
              .map(Candidate::address)
              .filter(address -> cidrs.stream().anyMatch(cidr -> cidr.contains(address)))
              .findFirst();
      case AddressMethod.CanReach(var destination) ->
          Optional.of(destination)
              .filter(to -> to.family() == family)
              .flatMap(to -> view.sourceTo().apply(to));
      case AddressMethod.KubernetesInternalIp() ->
          view.internalAddresses().stream()
              .filter(address -> address.family() == family)
              .findFirst();
    };
  }

  private static Optional<IpAddress> first(
      NodeView view, IpFamily family, Predicate<LinkMessage> condition) {
    return view.candidates(family, condition).stream().map(Candidate::address).findFirst();
  }

  private static boolean isOwn(LinkMessage link) {
    return !FOREIGN.matcher(link.name()).matches();
  }

  private static boolean isNamed(List<Pattern> names, LinkMessage link) {
    return names.stream().anyMatch(name -> name.matcher(link.name()).matches());
  }

  private static String failure(IpFamily family, AddressMethod method, NodeView view) {
    String candidates =
        Stream.concat(
                view.candidates(family, _ -> true).stream().map(Candidate::toString),
                view.internalAddresses().stream()
                    .filter(address -> address.family() == family)
                    .map(address -> address + " as InternalIP of the node"))
            .collect(Collectors.joining(", "));
    return "nodeAddresses: no %s address by %s; candidates were: %s"
        .formatted(
            family == IpFamily.IPV4 ? "IPv4" : "IPv6",
            method,
            candidates.isEmpty() ? "none" : candidates);
  }
}
