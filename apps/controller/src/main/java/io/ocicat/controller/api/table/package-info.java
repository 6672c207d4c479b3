/**
 * Server-side printing: objects as rows of a {@code meta.k8s.io} Table, and objects by their
 * metadata alone. Pure; which columns a kind has, and what stands in them, is said by the model.
 */
@NullMarked
package io.ocicat.controller.api.table;

import org.jspecify.annotations.NullMarked;
