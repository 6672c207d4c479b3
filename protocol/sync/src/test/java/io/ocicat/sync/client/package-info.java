@NullMarked
package io.ocicat.sync.client;

import org.jspecify.annotations.NullMarked;
