/**
 * The store whose truth is a Kubernetes API server.
 *
 * <pre>
 *   API server ─ list in pages, watch ─► Reflector, one a kind ─┐
 *        ▲                                                      ├─► Mirror ─► reads, lists, watches
 *        └────── create, patch, delete ◄── Writes ── responses ─┘   (local revisions)
 * </pre>
 *
 * <p>Reads never wait for the server: they come from the {@link io.ocicat.store.kubernetes.Mirror},
 * which gives every change a revision of its own in the order in which it learns of it. Writes go
 * to the server, and what it answers is in the mirror when they return. A server that is away makes
 * writes fail and {@link io.ocicat.store.kubernetes.KindHealth} tell since when; it takes nothing
 * from readers.
 *
 * <p>Some kinds are mirrored in part ({@link io.ocicat.store.kubernetes.Projection}). Kinds that
 * the controller derives, such as WorkloadEndpoints, are kept in the mirror alone and never sent.
 */
@NullMarked
package io.ocicat.store.kubernetes;

import org.jspecify.annotations.NullMarked;
