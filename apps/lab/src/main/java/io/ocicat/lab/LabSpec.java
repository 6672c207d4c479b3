package io.ocicat.lab;

import java.util.regex.Pattern;

/**
 * What kind of lab.
 *
 * @param name lower case letters, digits and {@code -}, at most 32
 * @param nodes how many nodes, 1 to 100
 * @param families the address families of nodes and pods
 * @param routes how nodes learn routes
 */
public record LabSpec(String name, int nodes, Families families, Routes routes) {
  /** The name where none is given. */
  public static final String DEFAULT_NAME = "lab";

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?");
  private static final int MOST_NODES = 100;

  /** The address families of nodes and pods. */
  public enum Families {
    /** Both; IPv4 first. */
    DUAL_STACK,
    /** IPv6 alone. */
    IPV6
  }

  /** How nodes learn routes. */
  public enum Routes {
    /** From the controller. */
    DIRECT("direct"),
    /** From each other, by BGP. */
    BGP("bgp");

    private final String word;

    Routes(String word) {
      this.word = word;
    }

    /** As configurations have it. */
    public String word() {
      return word;
    }
  }

  /** A lab whose nodes learn routes from the controller. */
  public LabSpec(String name, int nodes, Families families) {
    this(name, nodes, families, Routes.DIRECT);
  }

  /**
   * @throws LabException if the name or the number of nodes cannot be
   */
  public LabSpec {
    checkName(name);
    if (nodes < 1 || nodes > MOST_NODES) {
      throw new LabException("make a lab with " + nodes + " nodes: it can have 1 to " + MOST_NODES);
    }
  }

  /**
   * @throws LabException if a lab cannot be called so
   */
  static void checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new LabException(
          "call a lab '" + name + "': a name is up to 32 lower case letters, digits and '-'");
    }
  }
}
