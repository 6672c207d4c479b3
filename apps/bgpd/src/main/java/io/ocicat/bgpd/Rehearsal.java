package io.ocicat.bgpd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * A speaker in this process that is given a table, tells it to others, and loses it again, for the
 * JVM to record what it loads and where it spends its time: the next one begins with that.
 *
 * <p>The process must stand in a network namespace of its own, with its loopback up.
 */
public final class Rehearsal {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int PREFIXES = 200_000;
  private static final int ROUNDS = 3;
  private static final int PINGS = 500;

  /** About what the table takes, told with full messages. */
  private static final long TABLE_BYTES = PREFIXES * 9L;

  private static final String CONFIGURATION =
      """
      routerId: 127.0.0.1
      as: 65000
      listen: ["127.0.0.1:179"]
      socket: bgpd.sock
      peers:
      - {name: feeder, address: 127.0.0.2, as: 64512, passive: true}
      - {name: other, address: 127.0.0.3, as: 64513, passive: true}
      - {name: sink, address: 127.0.0.4, as: 64514, passive: true}
      - {name: late, address: 127.0.0.5, as: 64515, passive: true}
      """;

  /** The command line, in this process. */
  @FunctionalInterface
  public interface Commands {
    /** Runs {@code ocicat ARGUMENTS…} and answers its exit status. */
    int run(String... arguments);
  }

  private Rehearsal() {}

  /**
   * Plays the daemon; it ends with this process.
   *
   * @param directory exists, and may be written to
   * @throws IllegalStateException if the daemon does not answer as one does
   */
  public static void play(Commands commands, Path directory) {
    Path file = directory.resolve("bgpd.yaml");
    Path socket = directory.resolve("bgpd.sock");
    try {
      Files.writeString(file, CONFIGURATION.replace("bgpd.sock", socket.toString()));
      Thread _ =
          Thread.ofPlatform()
              .daemon()
              .name("rehearse-bgpd")
              .start(
                  () -> {
                    int _ = commands.run("bgpd", "-c", file.toString());
                  });
      await("the speaker to listen", () -> Files.exists(socket));
      for (int round = 0; round < ROUNDS; round++) {
        playTable();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("rehearse the speaker", e);
    }
  }

  private static void playTable() throws IOException {
    try (RehearsalPeer sink = new RehearsalPeer("127.0.0.4", 64514)) {
      try (RehearsalPeer feeder = new RehearsalPeer("127.0.0.2", 64512);
          RehearsalPeer other = new RehearsalPeer("127.0.0.3", 64513)) {
        feeder.announce(PREFIXES);
        other.announce(PREFIXES / 4);
        await("the table to be told", () -> sink.heardBytes() > TABLE_BYTES);
        try (RehearsalPeer late = new RehearsalPeer("127.0.0.5", 64515)) {
          await("the table to be told again", () -> late.heardBytes() > TABLE_BYTES);
        }
        for (int ping = 0; ping < PINGS; ping++) {
          long before = sink.heardBytes();
          feeder.withdraw(PREFIXES - 1 - ping);
          await("a change to be told", () -> sink.heardBytes() > before);
        }
      }
      long before = sink.heardBytes();
      await("the table to be withdrawn", () -> sink.heardBytes() > before + PREFIXES * 3L);
    }
  }

  private static void await(String what, BooleanSupplier done) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!done.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("waited in vain for " + what);
      }
      try {
        Thread.sleep(1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for " + what, e);
      }
    }
  }
}
