package io.ocicat.nftables;

/** A chain without its rules: one that packets enter by themselves, or one to jump to. */
public sealed interface Chain {
  String name();

  /** For people, or empty. */
  String comment();

  /**
   * A chain that a hook of the network stack feeds.
   *
   * @param priority order among all base chains of the hook, lower first
   */
  record BaseChain(
      String name, ChainType type, Hook hook, int priority, ChainPolicy policy, String comment)
      implements Chain {
    /** The usual priority of packet filters ({@code NF_IP_PRI_FILTER}). */
    public static final int PRIORITY_FILTER = 0;

    /** Before connection tracking ({@code NF_IP_PRI_RAW}). */
    public static final int PRIORITY_RAW = -300;

    /** After connection tracking ({@code NF_IP_PRI_MANGLE}). */
    public static final int PRIORITY_MANGLE = -150;

    /** Source address translation ({@code NF_IP_PRI_NAT_SRC}). */
    public static final int PRIORITY_SRCNAT = 100;

    public BaseChain {
      Names.check("chain", name);
      Names.checkComment("chain " + name, comment);
    }
  }

  /** A chain that rules and verdict maps name. */
  record RegularChain(String name, String comment) implements Chain {
    public RegularChain {
      Names.check("chain", name);
      Names.checkComment("chain " + name, comment);
    }

    public RegularChain(String name) {
      this(name, "");
    }
  }
}
