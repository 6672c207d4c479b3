/**
 * The ways a client may ask for a change of a document: JSON merge patch, JSON patch, strategic
 * merge patch and server-side apply.
 *
 * <p>Pure functions from documents to a document. They change none of their arguments, know nothing
 * of HTTP or the store, and refuse with {@link io.ocicat.controller.api.patch.PatchException}.
 */
@NullMarked
package io.ocicat.controller.api.patch;

import org.jspecify.annotations.NullMarked;
