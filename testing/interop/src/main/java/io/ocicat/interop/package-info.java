/** Ocicat under real container runtimes. */
@NullMarked
package io.ocicat.interop;

import org.jspecify.annotations.NullMarked;
