/** The store interface. */
@NullMarked
package io.ocicat.store;

import org.jspecify.annotations.NullMarked;
