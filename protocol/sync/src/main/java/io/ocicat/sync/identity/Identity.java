package io.ocicat.sync.identity;

import java.util.Optional;
import java.util.regex.Pattern;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/** What a certificate says of its holder. */
public sealed interface Identity {

  /** Organisation of agents' certificates. */
  String NODES = "system:nodes";

  /** Organisation of administrators' certificates. */
  String ADMINISTRATORS = "system:masters";

  /** The agent of the node of that name. */
  record Node(String name) implements Identity {

    private static final int MAX_LENGTH = 64;
    private static final Pattern DNS_SUBDOMAIN =
        Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

    /**
     * @throws IllegalArgumentException if it is no DNS subdomain (RFC 1123) of at most 64
     *     characters, which is what an X.509 CN holds (RFC 5280, ub-common-name)
     */
    public Node {
      if (name.length() > MAX_LENGTH || !DNS_SUBDOMAIN.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "'%s' cannot be a node's name: lower case letters, digits, '-' and '.', at most %d"
                .formatted(name, MAX_LENGTH));
      }
    }
  }

  /** A person or program that may do everything. */
  record Administrator(String name) implements Identity {}

  /** Who the subject of a certificate of this cluster is; empty if it is neither. */
  static Optional<Identity> of(X500Principal subject) {
    String organisation = "";
    String name = "";
    try {
      for (Rdn rdn : new LdapName(subject.getName()).getRdns()) {
        if (rdn.getType().equalsIgnoreCase("O")) {
          organisation = rdn.getValue().toString();
        } else if (rdn.getType().equalsIgnoreCase("CN")) {
          name = rdn.getValue().toString();
        }
      }
      return switch (organisation) {
        case NODES -> Optional.of(new Node(name));
        case ADMINISTRATORS -> Optional.of(new Administrator(name));
        default -> Optional.empty();
      };
    } catch (InvalidNameException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
