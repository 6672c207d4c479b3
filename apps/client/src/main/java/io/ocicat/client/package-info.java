/**
 * A small client of the Kubernetes API: what the command line and the lab need of it.
 *
 * <p>A {@link io.ocicat.client.Kubeconfig} says where the server is and who asks; an {@link
 * io.ocicat.client.ApiClient} sends one request and turns a refusal into an {@link
 * io.ocicat.client.ApiException} that carries what the server said; {@link
 * io.ocicat.client.Discovery} finds the path of a kind; {@link io.ocicat.client.Applier} creates or
 * patches a document as {@code kubectl apply} does, with the same annotation, so that both may be
 * mixed.
 *
 * <p>Documents stay JSON trees here. What they mean is the business of {@code domain/model}; how
 * they are printed, of {@code apps/cli}.
 */
@NullMarked
package io.ocicat.client;

import org.jspecify.annotations.NullMarked;
