/**
 * The kinds of ours as CustomResourceDefinitions, for clusters whose API server is not Ocicat's.
 *
 * <p>All comes from definitions that hold elsewhere: the structural schema from {@code
 * io.ocicat.model.schema}, the columns from {@code io.ocicat.model.columns}. What one field means
 * for another ({@code io.ocicat.model.validation}) is said again in {@code CelRules}, in the
 * language that API servers understand; a test holds both to the same verdicts.
 */
@NullMarked
package io.ocicat.model.crd;

import org.jspecify.annotations.NullMarked;
