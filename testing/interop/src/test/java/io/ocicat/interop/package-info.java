/**
 * Ocicat under the container runtimes that people run: podman with its CNI backend, and containerd
 * through its CRI socket. Each runtime is Debian's own package, started inside a lab node's network
 * namespace with nothing but that node's {@code cniBin} and {@code cniConf}; images are made here
 * from busybox.
 */
@NullMarked
package io.ocicat.interop;

import org.jspecify.annotations.NullMarked;
