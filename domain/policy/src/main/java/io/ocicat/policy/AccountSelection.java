package io.ocicat.policy;

import io.ocicat.selector.Selector;
import java.util.List;

/** The service accounts of the pods that are looked for. */
public sealed interface AccountSelection {

  /** It does not matter. */
  record Anyone() implements AccountSelection {}

  /**
   * @param names the account is one of these; empty for any
   * @param selector the account has such labels; {@code all()} for any
   */
  record Matching(List<String> names, Selector selector) implements AccountSelection {
    public Matching {
      names = List.copyOf(names);
    }
  }
}
