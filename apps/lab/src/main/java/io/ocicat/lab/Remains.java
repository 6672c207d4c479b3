package io.ocicat.lab;

import io.ocicat.libc.NetNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Removes everything of a lab, whatever state it is in. */
final class Remains {
  private Remains() {}

  static void remove(LabFiles files) {
    new LabProcesses(files).killAll();
    for (String name : files.namespaces()) {
      NetNamespace.deleteNamed(NetNamespace.NAMED_DIRECTORY, name);
    }
    deleteTree(files.root());
  }

  static void deleteTree(Path root) {
    if (!Files.exists(root)) {
      return;
    }
    try {
      Path _ =
          Files.walkFileTree(
              root,
              new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                    throws IOException {
                  Files.delete(file);
                  return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(
                    Path directory, @Nullable IOException problem) throws IOException {
                  Files.delete(directory);
                  return FileVisitResult.CONTINUE;
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException("delete " + root, e);
    }
  }
}
