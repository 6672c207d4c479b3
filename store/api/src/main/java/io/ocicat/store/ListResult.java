package io.ocicat.store;

import java.util.List;

/** What became of a list. */
public sealed interface ListResult {
  /**
   * A page.
   *
   * @param objects in the order of their keys
   * @param revision the revision whose state this is; the same on all pages of one list
   * @param continueToken asks for the next page; empty on the last one
   * @param remaining how many objects are on later pages
   */
  record Page(List<StoredObject> objects, long revision, String continueToken, long remaining)
      implements ListResult {
    /** Copies the list. */
    public Page {
      objects = List.copyOf(objects);
    }

    /** Whether nothing comes after this page. */
    public boolean isLast() {
      return continueToken.isEmpty();
    }
  }

  /**
   * The state that the token refers to has been compacted away: begin again without a token.
   *
   * @param compactedRevision the revision up to which history is gone
   */
  record Expired(long compactedRevision) implements ListResult {}

  /**
   * The token is not one of this store's.
   *
   * @param reason what is wrong with it
   */
  record BadToken(String reason) implements ListResult {}
}
