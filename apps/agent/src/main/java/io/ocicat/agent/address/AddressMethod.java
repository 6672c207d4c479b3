package io.ocicat.agent.address;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/** How the node's address of one family is found. {@code toString} gives what was configured. */
public sealed interface AddressMethod {

  /** What {@link #parse} understands. */
  String FORMS =
      "first-found, kubernetes-internal-ip, can-reach=ADDRESS, interface=REGEX[,REGEX],"
          + " skip-interface=REGEX[,REGEX], cidr=CIDR[,CIDR], none, or an address";

  /** This address, whether a link has it or not. */
  record Given(IpAddress address) implements AddressMethod {
    @Override
    public String toString() {
      return address.toString();
    }
  }

  /** The first address of the first link that is not one for containers. */
  record FirstFound() implements AddressMethod {
    @Override
    public String toString() {
      return "first-found";
    }
  }

  /** What the cluster has as the node's InternalIP. */
  record KubernetesInternalIp() implements AddressMethod {
    @Override
    public String toString() {
      return "kubernetes-internal-ip";
    }
  }

  /** The source of packets to that address. */
  record CanReach(IpAddress destination) implements AddressMethod {
    @Override
    public String toString() {
      return "can-reach=" + destination;
    }
  }

  /** The first address of a link whose whole name matches; patterns in their order. */
  record OnInterface(List<Pattern> names) implements AddressMethod {
    public OnInterface {
      names = List.copyOf(names);
    }

    @Override
    public String toString() {
      return "interface=" + join(names);
    }
  }

  /** As {@link FirstFound}, without links whose whole name matches. */
  record SkipInterface(List<Pattern> names) implements AddressMethod {
    public SkipInterface {
      names = List.copyOf(names);
    }

    @Override
    public String toString() {
      return "skip-interface=" + join(names);
    }
  }

  /** The first address in one of these. */
  record InCidr(List<Cidr> cidrs) implements AddressMethod {
    public InCidr {
      cidrs = List.copyOf(cidrs);
    }

    @Override
    public String toString() {
      return "cidr=" + cidrs.stream().map(Cidr::toString).collect(Collectors.joining(","));
    }
  }

  /** The node has no address of this family. */
  record None() implements AddressMethod {
    @Override
    public String toString() {
      return "none";
    }
  }

  private static String join(List<Pattern> names) {
    return names.stream().map(Pattern::pattern).collect(Collectors.joining(","));
  }

  /** Reads one of the {@link #FORMS}; empty if it is none of them. */
  static Optional<AddressMethod> parse(String text) {
    int equals = text.indexOf('=');
    String value = text.substring(equals + 1).strip();
    return switch (equals < 0 ? text.strip() : text.substring(0, equals).strip()) {
      case "first-found" -> Optional.of(new FirstFound());
      case "kubernetes-internal-ip" -> Optional.of(new KubernetesInternalIp());
      case "none" -> Optional.of(new None());
      case "can-reach" -> IpAddress.tryParse(value).map(CanReach::new);
      case "interface" -> patterns(value).map(OnInterface::new);
      case "skip-interface" -> patterns(value).map(SkipInterface::new);
      case "cidr" -> cidrs(value).map(InCidr::new);
      default -> IpAddress.tryParse(text.strip()).map(Given::new);
    };
  }

  private static Optional<List<Pattern>> patterns(String text) {
    List<Pattern> patterns = new ArrayList<>();
    try {
      for (String part : text.split(",", -1)) {
        if (part.isBlank()) {
          return Optional.empty();
        }
        patterns.add(Pattern.compile(part.strip()));
      }
    } catch (PatternSyntaxException e) {
      return Optional.empty();
    }
    return Optional.of(patterns);
  }

  private static Optional<List<Cidr>> cidrs(String text) {
    List<Cidr> cidrs = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      Optional<Cidr> cidr = Cidr.tryParse(part.strip());
      if (cidr.isEmpty()) {
        return Optional.empty();
      }
      cidrs.add(cidr.get());
    }
    return Optional.of(cidrs);
  }
}
