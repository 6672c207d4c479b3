/** Rules about the code itself. */
@NullMarked
package io.ocicat.arch;

import org.jspecify.annotations.NullMarked;
