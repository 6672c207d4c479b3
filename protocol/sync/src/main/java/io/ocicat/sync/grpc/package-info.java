/** The gRPC form of sync: codec, server, and the agent's connection. */
@NullMarked
package io.ocicat.sync.grpc;

import org.jspecify.annotations.NullMarked;
