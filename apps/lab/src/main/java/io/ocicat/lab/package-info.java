/** A cluster on one machine. */
@NullMarked
package io.ocicat.lab;

import org.jspecify.annotations.NullMarked;
