package io.ocicat.bench;

import io.ocicat.libc.NetNamespace;
import java.nio.file.Path;
import java.util.List;

/** One way of connecting a network namespace, to be measured against the others. */
interface Contender extends AutoCloseable {

  /** A namespace to connect, existing before and after. */
  record Pod(String containerId, NetNamespace namespace, Path path) {}

  String name();

  /** The namespace of the node; {@link #add} and {@link #del} are called by threads inside it. */
  NetNamespace node();

  /** Makes known, before anything is measured, which pods are to come. */
  default void expect(List<Pod> pods) {}

  /**
   * @throws IllegalStateException if it failed, with the plugin's own answer
   */
  void add(Pod pod);

  /**
   * @throws IllegalStateException if it failed, with the plugin's own answer
   */
  void del(Pod pod);

  @Override
  void close();
}
