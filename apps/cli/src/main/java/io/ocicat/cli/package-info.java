/**
 * The command line: {@code ocicat COMMAND}.
 *
 * <p>Each command is one class that reads its options, asks the API (or starts a process of the
 * project) and prints. {@link io.ocicat.cli.Main} loads only the command that is called, so that a
 * short answer takes no longer than it must.
 *
 * <p>Exit status: 0 success, 1 a refusal or a failed check, 2 wrong usage. With {@code -o json}
 * standard output carries one JSON document and nothing else; progress and errors go to standard
 * error. An expected failure is a {@link io.ocicat.cli.Refusal}: it says what was attempted, what
 * the other side said and what to do next, and shows no stack.
 */
@NullMarked
package io.ocicat.cli;

import org.jspecify.annotations.NullMarked;
