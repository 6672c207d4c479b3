package io.ocicat.netlink;

import java.util.List;
import java.util.stream.Collectors;

/** Names attributes for error messages; each family has its own. */
@FunctionalInterface
public interface AttributeNames {

  /** Numbers, for a family without names. */
  AttributeNames NUMBERS =
      (_, path) -> path.stream().map(Object::toString).collect(Collectors.joining("/"));

  /**
   * @param messageType the request's
   * @param path attribute types from the outermost to the innermost; not empty
   * @return for example {@code IFLA_LINKINFO/IFLA_INFO_KIND}; numbers where there is no name
   */
  String describe(int messageType, List<Integer> path);
}
