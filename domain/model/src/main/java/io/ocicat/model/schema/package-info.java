/**
 * One definition of each kind's documents: types, required fields, allowed values, defaults,
 * descriptions and merge keys.
 *
 * <p>{@code Schemas} holds the definitions, written with the words of {@code SchemaWords}; {@code
 * Defaults} fills in what a document leaves out, {@code OpenApi} tells clients, {@code
 * io.ocicat.model.validation} judges documents. What one field means for another is not said here
 * but in the rules of that package.
 */
@NullMarked
package io.ocicat.model.schema;

import org.jspecify.annotations.NullMarked;
