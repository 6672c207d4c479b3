package io.ocicat.policy;

import io.ocicat.inet.Cidr;
import io.ocicat.selector.Labels;
import java.util.Comparator;
import java.util.List;

/** Something that selectors select. */
public sealed interface Subject permits PolicyPod, PolicySet, PolicyHost {

  /** What it is. */
  enum Kind {
    POD,
    NETWORK_SET,
    HOST_ENDPOINT
  }

  /**
   * Names it among all.
   *
   * @param namespace empty for what is in none
   */
  record Key(Kind kind, String namespace, String name) implements Comparable<Key> {

    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::kind).thenComparing(Key::namespace).thenComparing(Key::name);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  Key key();

  /** Its own labels. */
  Labels labels();

  /** The addresses by which it is known in packets. */
  List<Cidr> nets();

  /** Its ports with names. */
  List<NamedPort> ports();
}
