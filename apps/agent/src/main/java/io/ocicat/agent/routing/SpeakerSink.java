package io.ocicat.agent.routing;

import io.ocicat.routing.NodeSpeaker;
import java.util.Set;

/** Who speaks for this node. */
public interface SpeakerSink {

  /** Nobody. */
  SpeakerSink NONE = (_, _) -> {};

  /**
   * How the node is to speak from now on; told when it differs from the last, and first as soon as
   * the controller's table is known, which a restarted agent has on disk. Called by one thread; to
   * return at once.
   *
   * @param speaker what is wanted in the end; its passwords are not for logs
   * @param nodes the names of all nodes that there are
   */
  void speak(NodeSpeaker speaker, Set<String> nodes);
}
