/** What a network policy means. */
@NullMarked
package io.ocicat.policy;

import org.jspecify.annotations.NullMarked;
