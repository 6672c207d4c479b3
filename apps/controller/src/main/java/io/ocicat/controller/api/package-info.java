/**
 * The Kubernetes-shaped API without its HTTP: what it means to create, change, list, watch and
 * delete a document.
 *
 * <p>All writes go through {@link io.ocicat.controller.api.ResourceService}, from HTTP and from
 * inside the process alike. It works on any registered kind and knows none of them by name but
 * Namespace. A refusal is an {@link io.ocicat.controller.api.ApiException} with the status that
 * upstream's API server would answer. Sub-packages: {@code patch}, {@code select}, {@code table}
 * and {@code openapi} are pure; {@code http} speaks with clients.
 */
@NullMarked
package io.ocicat.controller.api;

import org.jspecify.annotations.NullMarked;
