package io.ocicat.nftables;

/** The fate of a packet, or the way on through the chains. */
public sealed interface Verdict {
  record Accept() implements Verdict {
    @Override
    public String toString() {
      return "accept";
    }
  }

  record Drop() implements Verdict {
    @Override
    public String toString() {
      return "drop";
    }
  }

  /** Go on with the next rule. */
  record Continue() implements Verdict {
    @Override
    public String toString() {
      return "continue";
    }
  }

  /** Go on after the jump that led here; in a base chain, its policy. */
  record Return() implements Verdict {
    @Override
    public String toString() {
      return "return";
    }
  }

  /** Evaluate a chain and come back. */
  record Jump(String chain) implements Verdict {
    @Override
    public String toString() {
      return "jump " + chain;
    }
  }

  /** Evaluate a chain and do not come back here. */
  record Goto(String chain) implements Verdict {
    @Override
    public String toString() {
      return "goto " + chain;
    }
  }

  /** A verdict that we never give, kept when dumped. */
  record Other(int code) implements Verdict {
    @Override
    public String toString() {
      return "verdict " + code;
    }
  }

  Verdict ACCEPT = new Accept();
  Verdict DROP = new Drop();
  Verdict CONTINUE = new Continue();
  Verdict RETURN = new Return();
}
