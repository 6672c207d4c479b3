/**
 * What a client may learn of the API's shapes: OpenAPI version 2 as JSON and in the protobuf form
 * that kubectl insists on, and OpenAPI version 3 by group and version.
 *
 * <p>Pure: documents are built once from the registered kinds, and served as bytes by {@code
 * api.http}.
 */
@NullMarked
package io.ocicat.controller.api.openapi;

import org.jspecify.annotations.NullMarked;
