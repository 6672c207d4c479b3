package io.ocicat.links;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Kernel parameters, by their path below {@code /proc/sys}. */
public interface SysctlTable {

  /**
   * @return the value without line end; empty if there is no such parameter, as when its link is
   *     gone
   */
  Optional<String> read(String path) throws IOException;

  /**
   * @throws IOException also if there is no such parameter
   */
  void write(String path, String value) throws IOException;

  /**
   * @return the names directly below {@code path}, in order; none if there is no such folder
   */
  List<String> children(String path) throws IOException;
}
