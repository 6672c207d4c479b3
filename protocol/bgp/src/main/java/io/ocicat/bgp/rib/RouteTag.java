package io.ocicat.bgp.rib;

/**
 * What one of our own routes is, for policies and people.
 *
 * @param kind a word of the one who originates it, such as {@code block} or {@code service}
 * @param device the device the kernel's route leads to; empty: none
 */
public record RouteTag(String kind, String device) {
  /** A route of no particular kind. */
  public static final RouteTag NONE = new RouteTag("", "");
}
