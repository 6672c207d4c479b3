package io.ocicat.model;

import java.util.Optional;

/**
 * A protocol above IP, as Calico's rules name it: by name or by number.
 *
 * @param number the number in the IP header, 1 to 255
 */
public record IpProtocol(int number) {
  /** ICMP for IPv4. */
  public static final IpProtocol ICMP = new IpProtocol(1);

  /** ICMP for IPv6. */
  public static final IpProtocol ICMPV6 = new IpProtocol(58);

  private static final IpProtocol UDPLITE = new IpProtocol(136);

  /** Requires a number that a rule may name. */
  public IpProtocol {
    if (number < 1 || number > 255) {
      throw new IllegalArgumentException("protocol " + number + " is not between 1 and 255");
    }
  }

  /** The protocol that carries these ports. */
  public static IpProtocol of(Protocol transport) {
    return new IpProtocol(transport.number());
  }

  /**
   * Reads a name (TCP, UDP, ICMP, ICMPv6, SCTP, UDPLite) or decimal digits.
   *
   * @throws IllegalArgumentException if the text is neither
   */
  public static IpProtocol parse(String text) {
    return switch (text) {
      case "TCP" -> of(Protocol.TCP);
      case "UDP" -> of(Protocol.UDP);
      case "SCTP" -> of(Protocol.SCTP);
      case "ICMP" -> ICMP;
      case "ICMPv6" -> ICMPV6;
      case "UDPLite" -> UDPLITE;
      default -> {
        if (!text.matches("[0-9]{1,3}")) {
          throw new IllegalArgumentException("\"" + text + "\" is not a protocol");
        }
        yield new IpProtocol(Integer.parseInt(text));
      }
    };
  }

  /** The protocol as one with ports; empty for all but TCP, UDP and SCTP. */
  public Optional<Protocol> transport() {
    for (Protocol each : Protocol.values()) {
      if (each.number() == number) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** The name that documents use, or the number. */
  @Override
  public String toString() {
    return switch (number) {
      case 1 -> "ICMP";
      case 6 -> "TCP";
      case 17 -> "UDP";
      case 58 -> "ICMPv6";
      case 132 -> "SCTP";
      case 136 -> "UDPLite";
      default -> Integer.toString(number);
    };
  }
}
