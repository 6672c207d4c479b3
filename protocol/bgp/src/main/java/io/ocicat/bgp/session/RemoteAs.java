package io.ocicat.bgp.session;

/** Which AS a neighbour may be of. */
public sealed interface RemoteAs {

  /** Whether a neighbour of that AS is accepted. */
  boolean accepts(long as, long localAs);

  /** That AS alone. */
  record Exactly(long as) implements RemoteAs {
    public Exactly {
      if (as < 1 || as > 0xffff_ffffL) {
        throw new IllegalArgumentException("an AS number is 1 to 4294967295, not " + as);
      }
    }

    @Override
    public boolean accepts(long as, long localAs) {
      return as == this.as;
    }

    @Override
    public String toString() {
      return Long.toString(as);
    }
  }

  /** Our own. */
  record Internal() implements RemoteAs {
    @Override
    public boolean accepts(long as, long localAs) {
      return as == localAs;
    }

    @Override
    public String toString() {
      return "internal";
    }
  }

  /** Any but our own. */
  record External() implements RemoteAs {
    @Override
    public boolean accepts(long as, long localAs) {
      return as != localAs;
    }

    @Override
    public String toString() {
      return "external";
    }
  }

  /** Any. */
  record Any() implements RemoteAs {
    @Override
    public boolean accepts(long as, long localAs) {
      return true;
    }

    @Override
    public String toString() {
      return "any";
    }
  }
}
