package io.ocicat.lab;

import io.ocicat.libc.NetNamespace;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The processes of a lab: started with a mark in their environment, found again by it.
 *
 * <p>The mark is there from a process's first instant, so none can be lost between its start and a
 * record of it.
 */
final class LabProcesses {
  private static final String DIRECTORY = "OCICAT_LAB_DIRECTORY";
  private static final String ROLE = "OCICAT_LAB_ROLE";
  private static final String JAVA_OPTIONS = "OCICAT_JAVA_OPTIONS";
  private static final Duration DEATH = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(5);

  private final LabFiles files;

  LabProcesses(LabFiles files) {
    this.files = files;
  }

  /**
   * A process of a lab.
   *
   * @param role {@code controller}, {@code serve} or a node's name
   */
  record Marked(String role, ProcessHandle handle) {}

  /** Starts {@code ocicat ARGUMENTS…} in this process's own namespace. */
  ProcessHandle start(String role, List<String> arguments) {
    return start(role, command(arguments));
  }

  /** Starts {@code ocicat ARGUMENTS…} in another namespace. */
  ProcessHandle startIn(NetNamespace namespace, String role, List<String> arguments) {
    return namespace.call(() -> start(role, command(arguments)));
  }

  private ProcessHandle start(String role, ProcessBuilder builder) {
    builder.environment().put(DIRECTORY, files.root().toString());
    builder.environment().put(ROLE, role);
    // Compiling well does not pay in a cluster this small.
    builder.environment().putIfAbsent(JAVA_OPTIONS, "-XX:TieredStopAtLevel=1");
    builder.redirectInput(new File("/dev/null"));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(files.log(role).toFile()));
    builder.directory(files.root().toFile());
    try {
      return builder.start().toHandle();
    } catch (IOException e) {
      throw new UncheckedIOException("start " + String.join(" ", builder.command()), e);
    }
  }

  /** A session of its own, so that a terminal's Ctrl-C and hang-up pass it by. */
  private static ProcessBuilder command(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("setsid"));
    command.addAll(Program.command());
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }

  /** Environment without the marks, for programs that merely run inside the lab. */
  static void unmark(Map<String, String> environment) {
    environment.remove(DIRECTORY);
    environment.remove(ROLE);
  }

  /** This lab's processes that live. */
  List<Marked> living() {
    List<Marked> found = new ArrayList<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process : (Iterable<Path>) processes::iterator) {
        String pid = process.getFileName().toString();
        if (!pid.matches("\\d+")) {
          continue;
        }
        Optional<ProcessHandle> handle = ProcessHandle.of(Long.parseLong(pid));
        if (handle.isPresent()) {
          roleOf(process).ifPresent(role -> found.add(new Marked(role, handle.get())));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("list the processes in /proc", e);
    }
    return found;
  }

  private Optional<String> roleOf(Path process) {
    String environment;
    try {
      environment =
          new String(Files.readAllBytes(process.resolve("environ")), StandardCharsets.UTF_8);
    } catch (IOException e) {
      // Gone, or somebody else's.
      return Optional.empty();
    }
    boolean ours = false;
    String role = "";
    for (String entry : environment.split("\0")) {
      if (entry.equals(DIRECTORY + "=" + files.root())) {
        ours = true;
      } else if (entry.startsWith(ROLE + "=")) {
        role = entry.substring(ROLE.length() + 1);
      }
    }
    return ours ? Optional.of(role) : Optional.empty();
  }

  /** The one of that role, if it lives. */
  Optional<ProcessHandle> living(String role) {
    return living().stream()
        .filter(process -> process.role().equals(role))
        .map(Marked::handle)
        .findFirst();
  }

  /**
   * Kills all of them and waits for their end.
   *
   * <p>The handle carries the start time, so a pid that has gone to somebody else is left alone.
   */
  void killAll() {
    long end = System.nanoTime() + DEATH.toNanos();
    for (List<Marked> living = living(); !living.isEmpty(); living = living()) {
      if (System.nanoTime() > end) {
        throw new LabException(
            "stop lab '" + files.name() + "': these processes do not die: " + living);
      }
      living.forEach(process -> process.handle().destroyForcibly());
      try {
        Thread.sleep(POLL.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LabException("stop lab '" + files.name() + "': interrupted", e);
      }
    }
  }
}
