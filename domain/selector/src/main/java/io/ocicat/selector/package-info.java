/** Labels and selectors. */
@NullMarked
package io.ocicat.selector;

import org.jspecify.annotations.NullMarked;
