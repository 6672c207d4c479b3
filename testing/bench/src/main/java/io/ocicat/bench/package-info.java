/**
 * Measurements, each as a ratio against a peer or the bare kernel in the same run.
 *
 * <p>A benchmark builds what it needs in network namespaces of its own, bounded in count and time,
 * takes it down again, and prints a table for people or one JSON document for programs. Nothing
 * here is a test: numbers depend on the machine, so they are recorded in {@code docs/bench} with
 * machine and commit instead of being asserted.
 */
@NullMarked
package io.ocicat.bench;

import org.jspecify.annotations.NullMarked;
