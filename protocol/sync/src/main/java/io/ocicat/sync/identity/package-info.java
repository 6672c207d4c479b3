/**
 * Who is who: the cluster's certificate authority, the certificates it issues, and the join token.
 *
 * <p>The subject says what a certificate is good for: organisation {@code system:nodes} with the
 * node's name as CN for agents, {@code system:masters} for administrators of the API. Keys are EC
 * P-256; files with keys have mode 0600. A new node proves itself with a join token and knows the
 * controller by the hash of the authority's public key that comes with the token, as with kubeadm.
 * What an identity may do is decided where requests are served, not here.
 */
@NullMarked
package io.ocicat.sync.identity;

import org.jspecify.annotations.NullMarked;
