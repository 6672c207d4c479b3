@NullMarked
package io.ocicat.sync.grpc;

import org.jspecify.annotations.NullMarked;
