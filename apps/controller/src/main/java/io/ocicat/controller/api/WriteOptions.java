package io.ocicat.controller.api;

/**
 * How to write.
 *
 * @param dryRun do all but store
 * @param fieldValidation what to do with unknown fields
 * @param fieldManager who writes; empty if the writer does not say
 * @param force server-side apply only: take fields over from other managers
 */
public record WriteOptions(
    boolean dryRun, FieldValidation fieldValidation, String fieldManager, boolean force) {

  /** Stores, and refuses unknown fields. */
  public static WriteOptions strict(String fieldManager) {
    return new WriteOptions(false, FieldValidation.STRICT, fieldManager, false);
  }
}
