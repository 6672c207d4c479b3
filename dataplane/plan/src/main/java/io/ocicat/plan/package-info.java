/** What a node should look like. */
@NullMarked
package io.ocicat.plan;

import org.jspecify.annotations.NullMarked;
