/**
 * The only room that calls native code: system calls through the foreign function API.
 *
 * <p>{@link io.ocicat.libc.Syscalls} has one method per call, named as in C; {@link
 * io.ocicat.libc.Native} holds the linked symbols. A failed call becomes a {@link
 * io.ocicat.libc.LibcException} with the call, the {@link io.ocicat.libc.Errno} and what it was
 * about; {@code EINTR} is retried here and nowhere else; {@code EAGAIN} is a value. Native memory
 * stays inside: bytes are copied in and out of {@link io.ocicat.libc.NativeBuffer}.
 *
 * <p>A native call holds on to the thread that carries it. Calls that may block for long (a
 * receive, a poll, most netlink requests that delete a link) belong on platform threads; on a
 * virtual thread they would keep its carrier. Whatever changes the namespace of a thread happens on
 * a thread of its own: {@link io.ocicat.libc.NetNamespace#call}.
 *
 * <p>Protocols do not belong here: what the bytes mean is for the rooms above.
 */
@NullMarked
package io.ocicat.libc;

import org.jspecify.annotations.NullMarked;
