/**
 * A store that lives and dies with the process: for tests, and the reference for what the contract
 * means. It keeps all history until it is compacted.
 */
@NullMarked
package io.ocicat.store.memory;

import org.jspecify.annotations.NullMarked;
