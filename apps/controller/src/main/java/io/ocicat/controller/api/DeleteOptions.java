package io.ocicat.controller.api;

/**
 * How to delete.
 *
 * @param uid delete only the object with this uid; empty for any
 * @param resourceVersion delete only in this state; empty for any
 * @param dryRun do all but delete
 */
public record DeleteOptions(String uid, String resourceVersion, boolean dryRun) {

  /** Delete whatever is there. */
  public static final DeleteOptions ANY = new DeleteOptions("", "", false);
}
