/** The embedded store. */
@NullMarked
package io.ocicat.store.sqlite;

import org.jspecify.annotations.NullMarked;
