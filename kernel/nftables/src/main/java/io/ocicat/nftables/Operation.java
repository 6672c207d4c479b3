package io.ocicat.nftables;

import java.util.List;

/** One step of a transaction: a verb and its object. */
public sealed interface Operation {
  Verb verb();

  record OnTable(Verb verb, Table table) implements Operation {
    @Override
    public String toString() {
      return words(verb) + table;
    }
  }

  record OnCounter(Verb verb, NamedCounter counter) implements Operation {
    @Override
    public String toString() {
      return words(verb) + "counter " + counter.name();
    }
  }

  record OnChain(Verb verb, Chain chain) implements Operation {
    @Override
    public String toString() {
      return words(verb) + "chain " + chain.name();
    }
  }

  record OnSet(Verb verb, NftSet set) implements Operation {
    @Override
    public String toString() {
      return words(verb) + set;
    }
  }

  record OnElements(Verb verb, NftSet set, List<Element> elements) implements Operation {
    public OnElements {
      elements = List.copyOf(elements);
    }

    @Override
    public String toString() {
      return words(verb)
          + elements.size()
          + " element(s) of "
          + set
          + (elements.isEmpty() ? "" : ", first " + elements.getFirst());
    }
  }

  /**
   * @param handle of the rule to replace or delete, or next to which to add or insert; 0 for none
   */
  record OnRule(Verb verb, String chain, Rule rule, long handle) implements Operation {
    @Override
    public String toString() {
      return words(verb)
          + "rule in chain "
          + chain
          + (handle == 0 ? "" : " handle " + handle)
          + (rule.comment().isEmpty() ? "" : " \"" + rule.comment() + "\"");
    }
  }

  private static String words(Verb verb) {
    return switch (verb) {
      case ADD -> "add ";
      case CREATE -> "create ";
      case INSERT -> "insert ";
      case REPLACE -> "replace ";
      case DELETE -> "delete ";
      case DESTROY -> "destroy ";
      case FLUSH -> "flush ";
    };
  }
}
