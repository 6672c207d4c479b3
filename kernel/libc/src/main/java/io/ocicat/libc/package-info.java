/** System calls through the FFM API. */
@NullMarked
package io.ocicat.libc;

import org.jspecify.annotations.NullMarked;
