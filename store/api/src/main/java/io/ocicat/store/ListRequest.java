package io.ocicat.store;

/**
 * Which page of which list is wanted.
 *
 * @param selection which objects
 * @param limit the largest number of objects in the answer; 0 for no limit
 * @param continueToken empty for the first page, else the token that came with the page before
 */
public record ListRequest(Selection selection, int limit, String continueToken) {
  /** Refuses a negative limit. */
  public ListRequest {
    if (limit < 0) {
      throw new IllegalArgumentException("limit " + limit + " is negative");
    }
  }

  /** The whole list in one answer. */
  public static ListRequest all(Selection selection) {
    return new ListRequest(selection, 0, "");
  }

  /** The first page of at most {@code limit} objects. */
  public static ListRequest firstPage(Selection selection, int limit) {
    return new ListRequest(selection, limit, "");
  }

  /** The page that begins where the one with this token ended. */
  public ListRequest next(String token) {
    return new ListRequest(selection, limit, token);
  }
}
