/** The command line. */
@NullMarked
package io.ocicat.cli;

import org.jspecify.annotations.NullMarked;
