/** Field selectors: {@code metadata.name=x,spec.nodeName!=y}. Pure. */
@NullMarked
package io.ocicat.controller.api.select;

import org.jspecify.annotations.NullMarked;
