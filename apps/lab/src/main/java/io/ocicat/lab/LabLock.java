package io.ocicat.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;

/** One {@code up} or {@code down} of a lab at a time; the kernel lets go when the process ends. */
final class LabLock implements AutoCloseable {
  private final FileChannel channel;
  private final LabFiles files;

  private LabLock(FileChannel channel, LabFiles files) {
    this.channel = channel;
    this.files = files;
  }

  static LabLock take(LabFiles files) {
    try {
      Files.createDirectories(LabFiles.LABS);
      FileChannel channel =
          FileChannel.open(files.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new LabException(
            "change lab '"
                + files.name()
                + "': another command is bringing it up or down; wait for that to end");
      }
      return new LabLock(channel, files);
    } catch (IOException e) {
      throw new UncheckedIOException("lock " + files.lock(), e);
    }
  }

  private static @org.jspecify.annotations.Nullable FileLock tryLock(FileChannel channel)
      throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /** Lets go, and takes the file away if the lab is gone. */
  @Override
  public void close() {
    try {
      if (!Files.exists(files.root())) {
        Files.deleteIfExists(files.lock());
      }
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("unlock " + files.lock(), e);
    }
  }
}
