package io.ocicat.controller.api;

/**
 * Which page of a list, in which state.
 *
 * @param limit the largest number of items in the answer; 0 for no limit
 * @param continueToken empty for the first page, else the token that came with the page before
 * @param resourceVersion the revision that the state must have reached; empty or 0 for any
 * @param exact whether the state must be that of {@code resourceVersion} exactly
 */
public record ListOptions(int limit, String continueToken, String resourceVersion, boolean exact) {

  /** All of the current state at once. */
  public static final ListOptions ALL = new ListOptions(0, "", "", false);
}
