/** Tests of what agents are told. */
@NullMarked
package io.ocicat.controller.index;

import org.jspecify.annotations.NullMarked;
