package io.ocicat.agent.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ocicat.inet.Cidr;
import io.ocicat.ipam.Block;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The leased blocks on disk, one a line. Replaced as a whole; on disk when a change returns. */
final class LeaseFile {

  private static final String HEADER = "ocicat leases 1";

  private final Path path;

  LeaseFile(Path path) {
    this.path = path;
  }

  /**
   * @throws UncheckedIOException if the file is there but cannot be understood
   */
  List<Block> read() {
    if (!Files.exists(path)) {
      return List.of();
    }
    try {
      List<String> lines = Files.readAllLines(path);
      if (lines.isEmpty() || !lines.getFirst().equals(HEADER)) {
        throw new IOException("its first line is not '" + HEADER + "'");
      }
      List<Block> blocks = new ArrayList<>();
      for (String line : lines.subList(1, lines.size())) {
        String[] parts = line.split(" ", 2);
        if (parts.length != 2 || Cidr.tryParse(parts[0]).isEmpty()) {
          throw new IOException("'" + line + "' is no lease");
        }
        blocks.add(new Block(Cidr.parse(parts[0]), parts[1]));
      }
      return blocks;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot read the block leases " + path + "; move the file away to lease anew", e);
    }
  }

  void write(List<Block> blocks) {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    blocks.forEach(b -> text.append(b.cidr()).append(' ').append(b.pool()).append('\n'));
    Path next = path.resolveSibling(path.getFileName() + ".next");
    try (FileChannel channel =
        FileChannel.open(
            next,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
      Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
      syncFolder();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the block leases " + path, e);
    }
  }

  private void syncFolder() throws IOException {
    try (FileChannel folder = FileChannel.open(path.toAbsolutePath().getParent())) {
      folder.force(true);
    }
  }
}
