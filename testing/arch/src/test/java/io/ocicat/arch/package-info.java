/**
 * Rules about the code itself: which room may use which, what no room may use, and what a source
 * file looks like. A rule stands here when breaking it would not fail to compile.
 */
@NullMarked
package io.ocicat.arch;

import org.jspecify.annotations.NullMarked;
