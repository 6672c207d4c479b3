package io.ocicat.agent;

import io.ocicat.links.ProcSysctls;
import io.ocicat.links.RememberedSysctls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The agent's folder of state, for as long as this one agent uses it. */
final class StateFolder implements AutoCloseable {

  static final String LOCK = "lock";
  private static final String SYSCTLS = "sysctls";

  /** What agents write there. The folder may have others' things in it, such as a controller's. */
  private static final List<String> FILES =
      List.of("journal", "leases", "table", "node.key", "node.crt", SYSCTLS, LOCK);

  /** Of files that were being replaced. */
  private static final List<String> UNFINISHED = List.of(".next", ".new");

  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private final Path path;
  private final FileChannel lockFile;

  private StateFolder(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /**
   * Makes the folder if need be, and claims it. The kernel ends the claim with the process.
   *
   * @throws IllegalArgumentException if another agent uses it
   * @throws UncheckedIOException if it cannot be made
   */
  static StateFolder claim(Path path) {
    return tryClaim(path)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "another agent uses " + path + "; give each agent a stateDir of its own"));
  }

  /**
   * As {@link #claim}.
   *
   * @return empty if another agent uses the folder
   */
  static Optional<StateFolder> tryClaim(Path path) {
    try {
      Files.createDirectories(path);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
      FileChannel lockFile =
          FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = lockFile.tryLock();
      if (lock == null) {
        lockFile.close();
        return Optional.empty();
      }
      return Optional.of(new StateFolder(path, lockFile));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use the state folder " + path, e);
    }
  }

  Path resolve(String name) {
    return path.resolve(name);
  }

  Path path() {
    return path;
  }

  /** The kernel's parameters; the folder keeps what they were before an agent changed them. */
  RememberedSysctls sysctls() {
    Path file = path.resolve(SYSCTLS);
    try {
      return RememberedSysctls.open(new ProcSysctls(), file, bootId());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /**
   * Every file that an agent may have written there; the last one is what claims the folder.
   *
   * @return without regard to whether they are there
   */
  List<Path> files() {
    List<Path> files = new ArrayList<>();
    for (String name : FILES) {
      UNFINISHED.forEach(suffix -> files.add(path.resolve(name + suffix)));
      files.add(path.resolve(name));
    }
    return files;
  }

  /** What tells one run of the kernel from the next. */
  static String bootId() {
    try {
      return Files.readString(BOOT_ID).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + BOOT_ID, e);
    }
  }

  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot release the state folder " + path, e);
    }
  }
}
