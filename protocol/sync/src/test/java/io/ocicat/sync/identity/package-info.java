@NullMarked
package io.ocicat.sync.identity;

import org.jspecify.annotations.NullMarked;
