package io.ocicat.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs commands with a deadline, in this process's network namespace or another. */
public final class Shell {

  private static final Duration DEADLINE = Duration.ofMinutes(2);

  public record Result(int exitCode, String stdout, String stderr) {

    public String orFail() {
      if (exitCode != 0) {
        throw new AssertionError("exit " + exitCode + "\n" + stdout + stderr);
      }
      return stdout;
    }
  }

  private Shell() {}

  public static Result run(List<String> command) {
    return run(command, Map.of());
  }

  public static Result run(List<String> command, Map<String, String> environment) {
    try {
      Path stdout = java.nio.file.Files.createTempFile("ocicat-interop", ".out");
      Path stderr = java.nio.file.Files.createTempFile("ocicat-interop", ".err");
      try {
        ProcessBuilder builder =
            new ProcessBuilder(command)
                .redirectInput(new java.io.File("/dev/null"))
                .redirectOutput(stdout.toFile())
                .redirectError(stderr.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError(command + " did not end within " + DEADLINE);
        }
        return new Result(
            process.exitValue(),
            java.nio.file.Files.readString(stdout, StandardCharsets.UTF_8),
            java.nio.file.Files.readString(stderr, StandardCharsets.UTF_8));
      } finally {
        java.nio.file.Files.deleteIfExists(stdout);
        java.nio.file.Files.deleteIfExists(stderr);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(command.toString(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The command prefixed so that it runs inside the network namespace at {@code netns}. */
  public static List<String> inside(Path netns, List<String> command) {
    List<String> all = new ArrayList<>(List.of("nsenter", "--net=" + netns));
    all.addAll(command);
    return all;
  }
}
