/**
 * Who is told what, and when: agents' sessions on top of the {@code index}.
 *
 * <pre>
 *  index change ──► ChangeLog ──┬─► sessions in step: this change, as far as it concerns them
 *                               └─► sessions behind (slow, or just back): all since where they stand
 * </pre>
 *
 * <p>Being slow and having been away are the same thing: a session stands at a generation, and when
 * it can take more, it gets what the log has since then, or everything when the log does not reach
 * back. Nothing is queued per session. For one thread.
 */
@NullMarked
package io.ocicat.controller.fanout;

import org.jspecify.annotations.NullMarked;
