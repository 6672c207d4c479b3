/**
 * A real API server for tests: Debian's etcd and the kube-apiserver that {@code
 * testing/install-kube-apiserver} builds, on loopback ports, with tokens for whoever a test wants
 * to be.
 *
 * <p>Nothing else of Kubernetes runs: no controller manager (so namespaces that are deleted stay
 * terminating, and no service accounts appear by themselves), no scheduler, no kubelet.
 */
@NullMarked
package io.ocicat.testkit.kubernetes;

import org.jspecify.annotations.NullMarked;
