@NullMarked
package io.ocicat.store.kubernetes;

import org.jspecify.annotations.NullMarked;
