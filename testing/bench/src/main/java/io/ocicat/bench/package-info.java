/** Measurements. */
@NullMarked
package io.ocicat.bench;

import org.jspecify.annotations.NullMarked;
