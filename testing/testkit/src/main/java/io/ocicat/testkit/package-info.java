/**
 * What tests of several rooms share: random values ({@link io.ocicat.testkit.Gen}), properties that
 * must hold for them ({@link io.ocicat.testkit.Property}), a clock that stands still until told
 * otherwise ({@link io.ocicat.testkit.ManualClock}), and commands of the machine ({@link
 * io.ocicat.testkit.Shell}).
 *
 * <p>Every random choice is drawn from {@link io.ocicat.testkit.Draws}, which writes it down. A
 * failing case is made smaller by trying shorter and lower sequences of choices, so generators need
 * no knowledge of shrinking: they only have to put simple values first.
 */
@NullMarked
package io.ocicat.testkit;

import org.jspecify.annotations.NullMarked;
