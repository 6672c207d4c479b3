/**
 * {@code ocicat lab …}: a cluster on one machine, on the command line. The work is done by {@code
 * apps/lab}.
 */
@NullMarked
package io.ocicat.cli.lab;

import org.jspecify.annotations.NullMarked;
