package io.ocicat.model;

import io.ocicat.inet.IpFamily;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A rule of a Calico policy or profile. */
public sealed interface CalicoRule {

  /** What becomes of traffic that a rule matches. */
  enum Action {
    /** It is accepted, and nothing further is asked. */
    ALLOW("Allow"),
    /** It is dropped. */
    DENY("Deny"),
    /** It is logged, and the next rule is asked. */
    LOG("Log"),
    /** The rest of the tier is skipped. */
    PASS("Pass");

    private final String documentName;

    Action(String documentName) {
      this.documentName = documentName;
    }

    /** The spelling in documents. */
    public String documentName() {
      return documentName;
    }

    /** By the spelling in documents. */
    public static Optional<Action> named(String name) {
      return switch (name) {
        case "Allow" -> Optional.of(ALLOW);
        case "Deny" -> Optional.of(DENY);
        case "Log" -> Optional.of(LOG);
        case "Pass" -> Optional.of(PASS);
        default -> Optional.empty();
      };
    }
  }

  /** What becomes of matching traffic. */
  Action action();

  /**
   * A rule that was read in full. All that it asks for has to hold.
   *
   * @param action what becomes of matching traffic
   * @param families both, unless the rule gives an IP version or its protocol is ICMP or ICMPv6
   * @param protocol empty set for any, else the one protocol
   * @param notProtocol empty set for none, else the one protocol that it must not be
   * @param icmp the ICMP messages
   * @param notIcmp the ICMP messages that are not meant
   * @param source where the traffic comes from
   * @param destination where it goes
   * @param http what is asked of HTTP requests, which the packet path does not enforce
   * @param annotations the rule's own annotations
   */
  record Match(
      Action action,
      Set<IpFamily> families,
      Set<IpProtocol> protocol,
      Set<IpProtocol> notProtocol,
      IcmpMatch icmp,
      IcmpMatch notIcmp,
      EntityRule source,
      EntityRule destination,
      HttpMatch http,
      Map<String, String> annotations)
      implements CalicoRule {
    /** Copies the collections. */
    public Match {
      families = Set.copyOf(families);
      protocol = Set.copyOf(protocol);
      notProtocol = Set.copyOf(notProtocol);
      annotations = Map.copyOf(annotations);
    }
  }

  /**
   * A rule of which some part cannot be read, so that nobody knows what traffic it means. To be on
   * the safe side an unreadable Allow or Log matches nothing, an unreadable Deny or Pass denies
   * everything in its direction.
   *
   * @param action as far as it could be read, else DENY
   * @param reason which part, and what is wrong with it
   */
  record Unreadable(Action action, String reason) implements CalicoRule {}
}
