/**
 * What the agent must remember across its own death: endpoints, their addresses, the block leases.
 *
 * <p>{@link io.ocicat.agent.journal.Ledger} is the state; every change of it is first an {@link
 * io.ocicat.agent.journal.Event} in the journal. The journal is one append-only file written
 * without fsync: after kill -9 the kernel still holds what was written, and after a power loss the
 * pods are gone too, which the boot id in the file's header tells. Leases outlive a power loss, so
 * they have a file of their own, which is fsynced.
 *
 * <pre>
 *   journal := record*           record := length(4) crc32c(4) payload
 *   the first payload is a header: magic, format, boot id; the others are events
 * </pre>
 *
 * <p>A record that is cut or damaged ends the journal: a prefix of history is always a consistent
 * state, because an event is written before its effect. Kernel state does not belong here.
 */
@NullMarked
package io.ocicat.agent.journal;

import org.jspecify.annotations.NullMarked;
