/**
 * {@code ocicat lab serve}: the process of a lab that answers for its pods and sends its probes.
 *
 * <p>It stands in the fabric's namespace. It keeps no state of its own: on start it is told by the
 * pods' files who listens where, and after that by requests on a Unix socket, one JSON line each
 * way per connection.
 */
@NullMarked
package io.ocicat.lab.serve;

import org.jspecify.annotations.NullMarked;
