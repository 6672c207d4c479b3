package io.ocicat.controller.api;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The real kubectl, with a home of its own. */
record Kubectl(Path program, Path home, Path kubeconfig) {

  private static final Duration DEADLINE = Duration.ofSeconds(30);

  /** Where {@code testing/install-needs} puts Debian's, which is the oldest that has to work. */
  private static final Path DEBIAN = Path.of("../../target/needs/kubectl/usr/bin/kubectl");

  /** The one on the path, and Debian's if it is there. */
  static List<Path> programs() {
    List<Path> found = new ArrayList<>();
    Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":"))
        .map(directory -> Path.of(directory, "kubectl"))
        .filter(Files::isExecutable)
        .findFirst()
        .ifPresent(found::add);
    if (Files.isExecutable(DEBIAN)) {
      found.add(DEBIAN);
    }
    return found;
  }

  /** What came of a run. */
  record Outcome(int exitStatus, String output, String errors) {}

  /** Runs to the end. */
  Outcome run(String... arguments) {
    return feed("", arguments);
  }

  /** Runs to the end, with input. */
  Outcome feed(String input, String... arguments) {
    Path errors = home.resolve("stderr");
    try {
      Process process = start(errors, arguments);
      try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
        in.write(input);
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("kubectl did not end: " + List.of(arguments));
      }
      return new Outcome(process.exitValue(), output, Files.readString(errors));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Runs beside the test. */
  Running begin(String... arguments) {
    try {
      return new Running(start(home.resolve("stderr-watch"), arguments));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process start(Path errors, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.add("--kubeconfig=" + kubeconfig);
    command.add("--cache-dir=" + home.resolve("cache"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().put("HOME", home.toString());
    builder.environment().remove("KUBECONFIG");
    return builder.start();
  }

  /** A kubectl that goes on, and the lines that it has printed. */
  static final class Running implements AutoCloseable {

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private Running(Process process) {
      this.process = process;
      Thread.ofVirtual()
          .start(
              () -> {
                try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
                  reader.lines().forEach(lines::add);
                } catch (UncheckedIOException | IOException _) {
                  // Killed: what was printed has been read.
                }
              });
    }

    /** The next line that is as wanted; those before it are dropped. */
    String await(Predicate<String> wanted) throws InterruptedException {
      long deadline = System.nanoTime() + DEADLINE.toNanos();
      List<String> seen = new ArrayList<>();
      while (true) {
        String line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (line == null) {
          throw new AssertionError("not printed in time; printed were " + seen);
        }
        if (wanted.test(line)) {
          return line;
        }
        seen.add(line);
      }
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
