/** What controller and agents say to each other. */
@NullMarked
package io.ocicat.sync;

import org.jspecify.annotations.NullMarked;
