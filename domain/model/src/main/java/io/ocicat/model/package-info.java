/** Resource kinds and their validation. */
@NullMarked
package io.ocicat.model;

import org.jspecify.annotations.NullMarked;
