package io.ocicat.state;

/**
 * Named places in a sequence of effects at which the process may die.
 *
 * <p>Production code calls {@link #hit} between two effects; {@link #NONE} does nothing there. A
 * test starts the process with the name of one point and finds it dead exactly there, as after kill
 * -9: no finalisers, no shutdown hooks, no flushed buffers.
 */
@FunctionalInterface
public interface FaultPoints {

  /** Environment variable and system property that names the point at which to die. */
  String VARIABLE = "OCICAT_FAULT_POINT";

  /** Exit status of a process that died at a fault point. */
  int EXIT_STATUS = 86;

  /** Never dies. */
  FaultPoints NONE = _ -> {};

  /** Tells that the step before {@code name} is done. May not return. */
  void hit(String name);

  /**
   * Halts the JVM at the point of that name.
   *
   * @param point the name; empty for {@link #NONE}
   */
  static FaultPoints haltingAt(String point) {
    if (point.isEmpty()) {
      return NONE;
    }
    return name -> {
      if (name.equals(point)) {
        Runtime.getRuntime().halt(EXIT_STATUS);
      }
    };
  }
}
