package io.ocicat.agent;

import io.ocicat.agent.AgentConfig.Folders;
import io.ocicat.agent.kernel.KernelRemains;
import io.ocicat.links.RememberedSysctls;
import io.ocicat.state.FaultPoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a node back as it was before it had an agent. Pods that still run lose their network. What
 * a run that died has left, the next one removes.
 */
public final class NodeCleanup {

  private static final Logger LOG = LoggerFactory.getLogger(NodeCleanup.class);

  private final Folders folders;
  private final FaultPoints faults;
  private final List<String> removed = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private NodeCleanup(Folders folders, FaultPoints faults) {
    this.folders = folders;
    this.faults = faults;
  }

  /** What came of it. */
  public sealed interface Outcome {
    /**
     * @param removed what was removed or put back, a line each; none if there was nothing
     * @param problems what could not be, a sentence each; another run tries again
     */
    record Cleaned(List<String> removed, List<String> problems) implements Outcome {
      public Cleaned {
        removed = List.copyOf(removed);
        problems = List.copyOf(problems);
      }
    }

    /**
     * Nothing was done.
     *
     * @param reason a sentence
     */
    record AgentRuns(String reason) implements Outcome {}
  }

  /**
   * Removes what is ours from the network namespace of the calling thread and from the folders. The
   * agent's configuration stays: somebody else wrote it.
   *
   * @throws UncheckedIOException if the state folder cannot be used
   */
  public static Outcome run(Folders folders) {
    return run(folders, FaultPoints.NONE);
  }

  static Outcome run(Folders folders, FaultPoints faults) {
    if (isServed(folders.socket())) {
      return new Outcome.AgentRuns("an agent answers at " + folders.socket());
    }
    Optional<StateFolder> claimed = StateFolder.tryClaim(folders.state());
    if (claimed.isEmpty()) {
      return new Outcome.AgentRuns("an agent uses " + folders.state());
    }
    try (StateFolder state = claimed.get()) {
      return new NodeCleanup(folders, faults).clean(state);
    }
  }

  private static boolean isServed(Path socket) {
    try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private Outcome clean(StateFolder state) {
    CniInstall.remove(folders).forEach(file -> removed.add("file " + file));
    faults.hit("cleanup-plugin");
    KernelRemains.Report kernel = KernelRemains.remove(faults);
    removed.addAll(kernel.removed());
    problems.addAll(kernel.problems());
    giveBack(state.sysctls());
    faults.hit("cleanup-sysctls");
    removeFiles(folders.run(), List.of(folders.socket(), folders.bgpSocket(), folders.passwords()));
    // Who has to come again needs to know what the parameters were.
    if (problems.isEmpty()) {
      removeFiles(state.path(), state.files());
    }
    return new Outcome.Cleaned(removed, problems);
  }

  private void giveBack(RememberedSysctls sysctls) {
    try {
      sysctls.giveBack().forEach(change -> removed.add("sysctl " + change));
    } catch (IOException e) {
      problems.add("cannot give the kernel's parameters their values back: " + e);
    }
  }

  private void removeFiles(Path folder, List<Path> files) {
    int before = removed.size();
    try {
      for (Path file : files) {
        // The claim on the folder is this run's own.
        if (Files.deleteIfExists(file) && !file.endsWith(StateFolder.LOCK)) {
          removed.add("file " + file);
        }
        faults.hit("cleanup-file-" + file.getFileName());
      }
      if (Files.deleteIfExists(folder) && removed.size() > before) {
        removed.add("folder " + folder);
      }
    } catch (DirectoryNotEmptyException e) {
      LOG.info("{} stays: others have files there", folder);
    } catch (FileSystemException e) {
      // A container cannot remove the folder that the node's is mounted on.
      LOG.info("{} stays: {}", folder, e.toString());
    } catch (IOException e) {
      problems.add("cannot remove the files in %s: %s".formatted(folder, e));
    }
  }
}
