/** Invariants, mailboxes and duty cycles. */
@NullMarked
package io.ocicat.state;

import org.jspecify.annotations.NullMarked;
