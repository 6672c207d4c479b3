package io.ocicat.bgpwire.iana;

/** What this implementation does with an entry of a registry. */
public enum Support {
  /** Understood, checked and acted on. */
  IMPLEMENTED,
  /** Recognised by name and checked for its form; passed on or shown, never acted on. */
  CARRIED,
  /** Known by name only; treated as any unknown number. */
  NOT_IMPLEMENTED,
  /** Withdrawn by its document; treated as any unknown number. */
  DEPRECATED
}
