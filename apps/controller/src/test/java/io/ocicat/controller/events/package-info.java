/** Tests of what is told as Events. */
@org.jspecify.annotations.NullMarked
package io.ocicat.controller.events;
