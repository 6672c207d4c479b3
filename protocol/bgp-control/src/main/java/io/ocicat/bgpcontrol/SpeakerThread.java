package io.ocicat.bgpcontrol;

import io.ocicat.bgp.speaker.Speaker;
import java.util.function.Function;

/** The one thread that may touch a speaker. */
@FunctionalInterface
public interface SpeakerThread {

  /**
   * Asks the speaker something on its thread, and waits for the answer.
   *
   * @throws IllegalStateException if it does not answer, or cannot
   */
  <T> T ask(Function<Speaker, T> question);
}
