package io.ocicat.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.agent.AgentConfig.Folders;
import io.ocicat.cni.CniVersion;
import io.ocicat.cniplugin.CniPlugin;
import io.ocicat.state.FaultPoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What runtimes look for: the executable, and the network configuration that says the node is ready
 * for pods. Each appears whole, by rename.
 */
final class CniInstall {

  private final Folders folders;
  private final String networkName;
  private final FaultPoints faults;

  CniInstall(Folders folders, String networkName, FaultPoints faults) {
    this.folders = folders;
    this.networkName = networkName;
    this.faults = faults;
  }

  /**
   * Puts both in place, the executable first; what is there already stays untouched.
   *
   * @throws UncheckedIOException if that cannot be done
   */
  void install() {
    try {
      byte[] built = CniPlugin.executable();
      write(folders.cniBin().resolve(CniPlugin.TYPE), built, "rwxr-xr-x");
      // Runtimes call it for each pod; one that is there may be somebody else's.
      Path loopback = folders.cniBin().resolve(CniPlugin.LOOPBACK_TYPE);
      if (!Files.exists(loopback) || isOurs(loopback)) {
        write(loopback, built, "rwxr-xr-x");
      }
      faults.hit("install-executable");
      write(folders.conflist(), conflist().getBytes(UTF_8), "rw-r--r--");
      faults.hit("install-conflist");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot install the CNI plugin", e);
    }
  }

  /** By rename: an executable that runs cannot be written, and nobody reads half a file. */
  private static void write(Path file, byte[] content, String permissions) throws IOException {
    if (Files.isRegularFile(file) && Arrays.equals(Files.readAllBytes(file), content)) {
      return;
    }
    Files.createDirectories(file.resolveSibling(""));
    // Runtimes take every file of the folder with a known suffix, so this one has none.
    Path next = unfinished(file);
    Files.write(next, content);
    Files.setPosixFilePermissions(next, PosixFilePermissions.fromString(permissions));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static Path unfinished(Path file) {
    return file.resolveSibling("." + file.getFileName() + ".next");
  }

  private static boolean isOurs(Path executable) throws IOException {
    return Files.isRegularFile(executable) && CniPlugin.isThis(Files.readAllBytes(executable));
  }

  private String conflist() {
    JsonMapper json = new JsonMapper();
    ObjectNode list = json.createObjectNode();
    // Runtimes that know cniVersions take the newest of those; older ones refuse a newer
    // cniVersion.
    list.put("cniVersion", CniVersion.V1_0_0.toString());
    ArrayNode versions = list.putArray("cniVersions");
    Arrays.stream(CniVersion.values()).map(CniVersion::toString).forEach(versions::add);
    list.put("name", networkName);
    list.putArray("plugins")
        .addObject()
        .put("type", CniPlugin.TYPE)
        .put("agentSocket", folders.socket().toAbsolutePath().toString());
    return list.toPrettyString() + "\n";
  }

  /**
   * Tells runtimes that no pod can be added; pods that are there keep their network. The executable
   * stays: it is needed to delete them.
   *
   * @return whether they were told otherwise before
   * @throws UncheckedIOException if that cannot be done
   */
  boolean withdraw() {
    try {
      boolean there = Files.deleteIfExists(folders.conflist());
      faults.hit("withdrawn");
      return there;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + folders.conflist(), e);
    }
  }

  /**
   * Takes everything away that {@link #install} put in place, by this or an older version.
   *
   * @return the files that were there
   * @throws UncheckedIOException if that cannot be done
   */
  static List<Path> remove(Folders folders) {
    Path executable = folders.cniBin().resolve(CniPlugin.TYPE);
    Path loopback = folders.cniBin().resolve(CniPlugin.LOOPBACK_TYPE);
    List<Path> removed = new ArrayList<>();
    try {
      for (Path file : List.of(folders.conflist(), executable, loopback)) {
        if (!file.equals(loopback) || isOurs(loopback)) {
          deleteIfThere(file, removed);
        }
        deleteIfThere(unfinished(file), removed);
      }
      return removed;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the CNI plugin", e);
    }
  }

  private static void deleteIfThere(Path file, List<Path> deleted) throws IOException {
    if (Files.deleteIfExists(file)) {
      deleted.add(file);
    }
  }
}
