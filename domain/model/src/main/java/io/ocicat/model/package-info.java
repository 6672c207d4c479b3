/**
 * What the resources of the API are: their kinds and names, what a document of each kind may hold,
 * and typed records read from documents.
 *
 * <p>One schema per kind, in {@code io.ocicat.model.schema}, drives structural validation,
 * defaults, the OpenAPI documents and the strategic merge patch. Kinds and fields are spelled as
 * upstream spells them; reading is tolerant of unknown fields, validation is not.
 *
 * <p>All of it is pure: no I/O, no clock, no threads. What a policy means belongs to {@code
 * domain/policy}; what the selectors mean to {@code domain/selector}; HTTP and stored revisions to
 * the controller and the store.
 */
@NullMarked
package io.ocicat.model;

import org.jspecify.annotations.NullMarked;
