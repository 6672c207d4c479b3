package io.ocicat.bgpcontrol;

import io.ocicat.bgpwire.mrt.MrtReader;
import io.ocicat.bgpwire.mrt.MrtRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads the records of an MRT file of any length. */
public final class MrtFile {

  private static final int FIRST_BYTES = 256 << 10;

  private MrtFile() {}

  /**
   * Tells of each record in turn.
   *
   * @return octets at the end that are no record: 0 for a whole file
   * @throws IOException if {@code in} cannot be read
   */
  public static long read(InputStream in, Consumer<MrtRecord> records) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(FIRST_BYTES);
    while (true) {
      int read = in.read(buffer.array(), buffer.position(), buffer.remaining());
      if (read > 0) {
        buffer.position(buffer.position() + read);
      }
      buffer.flip();
      for (Optional<MrtRecord> next = MrtReader.read(buffer);
          next.isPresent();
          next = MrtReader.read(buffer)) {
        records.accept(next.get());
      }
      if (read < 0 || MrtReader.isBroken(buffer)) {
        return buffer.remaining() + in.transferTo(OutputStream.nullOutputStream());
      }
      buffer.compact();
      if (!buffer.hasRemaining()) {
        buffer = ByteBuffer.allocate(2 * buffer.capacity()).put(buffer.flip());
      }
    }
  }
}
