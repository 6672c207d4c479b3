/** Generators, properties and clocks for tests. */
@NullMarked
package io.ocicat.testkit;

import org.jspecify.annotations.NullMarked;
