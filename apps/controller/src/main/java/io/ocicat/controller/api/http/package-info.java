/**
 * HTTPS for the API: who asks, what for, in which form the answer goes back.
 *
 * <pre>
 *  connection ─► Authenticator ─► RequestPath ─► ResourceHandler ─► ResourceService
 *                                      └───────► Discovery, OpenAPI, health
 * </pre>
 *
 * <p>One virtual thread serves a request from its first byte to its last, a watch for as long as it
 * lasts. Nothing here decides what a change means; that is {@code api}'s.
 */
@NullMarked
package io.ocicat.controller.api.http;

import org.jspecify.annotations.NullMarked;
