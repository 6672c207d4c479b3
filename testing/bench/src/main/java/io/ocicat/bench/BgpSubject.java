package io.ocicat.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A speaker that runs: its process, and those that it started. */
final class BgpSubject implements AutoCloseable {

  private static final Duration LONGEST_END = Duration.ofSeconds(5);
  private static final int LAST_CHARACTERS = 1000;
  private static final double TICKS_A_SECOND = 100;

  private final BgpField field;
  private final Path directory;
  private final List<String> command;
  private Process process;
  private long startedNs;

  BgpSubject(BgpField field, BgpContender contender, int neighbours) throws IOException {
    this.field = field;
    this.directory = Files.createTempDirectory("ocicat-bench-");
    this.command = contender.prepare(directory, neighbours);
    this.process = start();
  }

  private Process start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log().toFile());
    startedNs = System.nanoTime();
    return field.speaker.call(builder::start);
  }

  /** When its process was started, as {@link System#nanoTime}. */
  long startedNs() {
    return startedNs;
  }

  /** As after a crash: killed, and started anew. */
  void restart() throws IOException, InterruptedException {
    processes().forEach(ProcessHandle::destroyForcibly);
    process.waitFor();
    process = start();
  }

  private Path log() {
    return directory.resolve("log");
  }

  /** Throws if it has ended. */
  void check() {
    if (!process.isAlive()) {
      throw new IllegalStateException(
          "%s ended with status %d: %s"
              .formatted(command.getFirst(), process.exitValue(), lastWords()));
    }
  }

  private String lastWords() {
    try {
      String all = Files.exists(log()) ? Files.readString(log()) : "";
      return all.substring(Math.max(0, all.length() - LAST_CHARACTERS));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + log(), e);
    }
  }

  List<Long> pids() {
    return processes().stream().map(ProcessHandle::pid).toList();
  }

  private List<ProcessHandle> processes() {
    List<ProcessHandle> all = new ArrayList<>(List.of(process.toHandle()));
    process.descendants().forEach(all::add);
    return all;
  }

  /** What all its processes used of processors since they started. */
  double cpuSeconds() {
    double ticks = 0;
    for (long pid : pids()) {
      String stat = read(Path.of("/proc", Long.toString(pid), "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      ticks += Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]);
    }
    return ticks / TICKS_A_SECOND;
  }

  /** The most that they had in memory. */
  double peakMegabytes() {
    double kilobytes = 0;
    for (long pid : pids()) {
      kilobytes +=
          read(Path.of("/proc", Long.toString(pid), "status"))
              .lines()
              .filter(line -> line.startsWith("VmHWM:"))
              .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
              .sum();
    }
    return kilobytes / 1024;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  @Override
  public void close() {
    List<ProcessHandle> all = processes();
    process.destroy();
    try {
      if (!process.waitFor(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS)) {
        all.forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
      }
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path each : files.toList().reversed()) {
          Files.deleteIfExists(each);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + directory, e);
    }
  }
}
