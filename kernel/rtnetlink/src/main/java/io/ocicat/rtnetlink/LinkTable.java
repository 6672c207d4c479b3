package io.ocicat.rtnetlink;

import java.util.List;
import java.util.Optional;

/** The links of a namespace, for those who look them up. */
public interface LinkTable {

  /** All links. */
  List<LinkMessage> links();

  Optional<LinkMessage> link(String name);

  Optional<LinkMessage> link(int index);
}
