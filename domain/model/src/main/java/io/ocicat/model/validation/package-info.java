/**
 * Judges documents: everything that is wrong with one, at once, with paths, in the words that
 * kubectl's users know.
 *
 * <p>The form is judged by the kind's schema; what one field means for another, by the rules of
 * each kind; what other objects mean for it (overlapping pools, the object's own past), by those
 * rules from the {@code ValidationContext} that the caller hands in.
 */
@NullMarked
package io.ocicat.model.validation;

import org.jspecify.annotations.NullMarked;
