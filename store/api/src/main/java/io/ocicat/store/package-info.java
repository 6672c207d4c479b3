/**
 * The store's interface: documents under keys, one counter of revisions for all of them, and
 * watches that resume.
 *
 * <p>A store knows nothing of what its documents mean and writes nothing into them; validation,
 * defaults and the metadata fields belong to the API. Every write that changes something takes the
 * next revision; events of a watch come in the order of revisions, without gaps. {@code
 * io.ocicat.store.memory} has a store for tests; the contract that every store keeps is the
 * abstract test class {@code StoreContract}.
 */
@NullMarked
package io.ocicat.store;

import org.jspecify.annotations.NullMarked;
