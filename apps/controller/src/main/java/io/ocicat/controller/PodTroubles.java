package io.ocicat.controller;

import io.ocicat.sync.PodTrouble;
import org.slf4j.LoggerFactory;

/** Makes known why pods could not be added. Called on the controller's thread; never blocks. */
@FunctionalInterface
public interface PodTroubles {

  /** They are in the log. */
  PodTroubles LOGGED =
      (node, trouble) ->
          LoggerFactory.getLogger(PodTroubles.class)
              .warn(
                  "pod {}/{} was not added on node {} ({}): {}",
                  trouble.pod().namespace(),
                  trouble.pod().name(),
                  node,
                  trouble.reason(),
                  trouble.message());

  /** What the agent of a node said. */
  void tell(String node, PodTrouble trouble);
}
