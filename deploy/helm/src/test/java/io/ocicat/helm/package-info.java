/**
 * Tests of what a cluster is given: CustomResourceDefinitions, chart and manifests.
 *
 * <p>Files that are made from something else are committed, so that people can read and apply them;
 * {@code GeneratedFilesTest} fails when one is stale, and makes it anew with {@code ./build
 * generate}.
 */
@NullMarked
package io.ocicat.helm;

import org.jspecify.annotations.NullMarked;
