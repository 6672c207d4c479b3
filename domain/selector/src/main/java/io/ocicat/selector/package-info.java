/**
 * Labels, and the three ways to select by them.
 *
 * <ul>
 *   <li>{@link io.ocicat.selector.LabelSelector}: the Kubernetes selector, from a document's {@code
 *       matchLabels} and {@code matchExpressions} or from the text of a {@code labelSelector=}
 *       query.
 *   <li>{@link io.ocicat.selector.Selector}: Calico's expression language.
 * </ul>
 *
 * Both have a canonical text, equal for selectors that were written differently but parse to the
 * same thing, which parses back to an equal selector, and an id that is a hash of that text. All
 * types are immutable values; nothing here knows what carries the labels.
 */
@NullMarked
package io.ocicat.selector;

import org.jspecify.annotations.NullMarked;
