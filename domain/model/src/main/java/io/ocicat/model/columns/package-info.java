/**
 * How objects are printed as rows of a table: the columns of each kind and the text of their cells,
 * as {@code kubectl get} shows them.
 */
@NullMarked
package io.ocicat.model.columns;

import org.jspecify.annotations.NullMarked;
