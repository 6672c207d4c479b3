package io.ocicat.bgp.rib;

import java.util.List;

/**
 * Reads a table in portions, so that showing a full table does not hold up the loop. What changes
 * between portions may be seen or not. On the loop thread only.
 */
public interface RouteCursor {
  /**
   * Some more rows, after looking at no more than so many prefixes; may be empty before the end.
   */
  List<RouteRow> next(int prefixes);

  /** Everything was read. */
  boolean atEnd();
}
