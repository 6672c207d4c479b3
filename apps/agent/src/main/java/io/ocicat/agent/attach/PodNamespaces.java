package io.ocicat.agent.attach;

import io.ocicat.cni.CniErrorCode;
import io.ocicat.cni.NetnsReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds the pod's network namespace from what a call says of it. */
final class PodNamespaces {

  private PodNamespaces() {}

  /**
   * A path that leads to it for as long as the call lasts: where the calling executable holds it,
   * for the agent may see other mounts, else the runtime's own. The executable tells the inode, and
   * another namespace than that is never taken.
   *
   * @throws CniRefusal if there is none
   */
  static Path find(NetnsReference reference) {
    String reason = "";
    for (String path : List.of(reference.heldPath(), reference.path())) {
      try {
        if (!path.isEmpty() && isMeant(Path.of(path), reference)) {
          return Path.of(path);
        }
      } catch (IOException e) {
        reason = e.toString();
      }
    }
    throw new CniRefusal(
        CniErrorCode.INVALID_NETNS,
        "there is no network namespace at %s, or it is another one for the agent than for the"
                .formatted(reference.path())
            + " runtime; do they see the same mounts? "
            + reason);
  }

  private static boolean isMeant(Path path, NetnsReference reference) throws IOException {
    long inode = ((Number) Files.getAttribute(path, "unix:ino")).longValue();
    return reference.inode() == 0 || inode == reference.inode();
  }
}
