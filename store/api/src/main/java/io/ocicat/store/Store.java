package io.ocicat.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * Documents under keys, with revisions and watches. Safe for use by many threads.
 *
 * <p>One counter serves the whole store: it starts at 0 and every write that changes something
 * takes the next number. A write is visible to everyone, and durable as the implementation
 * promises, when its method returns. Failures of the environment (disk full, file damaged) are
 * thrown as {@link StoreException}, after which the write has not happened.
 */
public interface Store extends AutoCloseable {
  /** Stores a document under a key that is free. The document is copied. */
  CreateResult create(ResourceKey key, ObjectNode document);

  /**
   * Replaces the document under a key. The document is copied. When it equals the one that is
   * there, nothing is written and the result is {@link Written} with the object as it was.
   */
  UpdateResult update(ResourceKey key, ObjectNode document, Expected expected);

  /** Removes the document under a key. */
  DeleteResult delete(ResourceKey key, Expected expected);

  /** The current document under a key. */
  Optional<StoredObject> get(ResourceKey key);

  /**
   * A list, or a page of one. All pages of one list show the state at the first page's revision;
   * when that has been compacted in the meantime, {@link ListResult.Expired}.
   */
  ListResult list(ListRequest request);

  /** All selected objects at the current revision. */
  default Snapshot snapshot(Selection selection) {
    return switch (list(ListRequest.all(selection))) {
      case ListResult.Page page -> new Snapshot(page.objects(), page.revision());
      case ListResult.Expired expired ->
          throw new IllegalStateException("the current state is never compacted: " + expired);
      case ListResult.BadToken bad ->
          throw new IllegalStateException("a list without a token has no bad one: " + bad);
    };
  }

  /**
   * Begins a watch of all writes after {@code fromRevision}: give the revision of the list or event
   * that was seen last.
   */
  Watch watch(Selection selection, long fromRevision);

  /** The revision of the last write. */
  long currentRevision();

  /**
   * The revision up to which history has been compacted: watches can start from here on, not
   * before.
   */
  long compactedRevision();

  /**
   * Forgets history up to and including a revision. The current state of every object stays. A
   * revision beyond the current one means the current one; one that is already compacted does
   * nothing.
   */
  void compact(long revision);

  /**
   * Ends all watches and lets go of all resources. Repeating it does nothing; any other later call
   * throws.
   */
  @Override
  void close();
}
