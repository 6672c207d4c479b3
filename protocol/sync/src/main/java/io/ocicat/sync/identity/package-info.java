/** Who is who: the cluster's authority, certificates and the join token. */
@NullMarked
package io.ocicat.sync.identity;

import org.jspecify.annotations.NullMarked;
