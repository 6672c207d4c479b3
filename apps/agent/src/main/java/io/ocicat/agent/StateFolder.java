package io.ocicat.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The agent's folder of state, for as long as this one agent uses it. */
final class StateFolder implements AutoCloseable {

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
    try {
      Files.createDirectories(path);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
      FileChannel lockFile =
          FileChannel.open(
              path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = lockFile.tryLock();
      if (lock == null) {
        lockFile.close();
        throw new IllegalArgumentException(
            "another agent uses " + path + "; give each agent a stateDir of its own");
      }
      return new StateFolder(path, lockFile);
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
