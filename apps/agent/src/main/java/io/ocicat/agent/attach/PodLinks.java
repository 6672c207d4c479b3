package io.ocicat.agent.attach;

import io.ocicat.cni.CniErrorCode;
import io.ocicat.plan.PodLink;
import java.nio.file.Path;
import java.util.List;

/** Makes and removes the links of pods. Calls for different links may come at the same time. */
public interface PodLinks {

  /** What became of a request. */
  sealed interface Outcome {}

  /**
   * A link as it is.
   *
   * @param mac of the pod's end
   */
  record Wired(String mac, int mtuBytes) implements Outcome {}

  /** Nothing was made. */
  record Refused(CniErrorCode code, String reason) implements Outcome {}

  /** Makes the link with all that belongs to it, in the pod and on the node, or nothing. */
  Outcome wire(PodLink link, Path netns);

  /** Takes the link away with all that belongs to it; does nothing if there is none. */
  void unwire(String hostInterface);

  /** What {@link #wire} gave for a link that is there. */
  Wired describe(PodLink link);

  /** What is missing or wrong, as sentences; empty if all is well. */
  List<String> check(PodLink link, Path netns);
}
