package io.ocicat.bgp.loop;

/** Work that is done in pieces, so that nothing urgent waits for it. */
@FunctionalInterface
public interface Slice {

  /**
   * Does a piece of the work.
   *
   * @param nanos how long it may take, about
   * @return whether there is more to do
   */
  boolean runFor(long nanos);
}
