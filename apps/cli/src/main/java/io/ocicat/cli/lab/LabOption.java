package io.ocicat.cli.lab;

import io.ocicat.cli.Refusal;
import io.ocicat.lab.Lab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --lab NAME}. */
final class LabOption {
  @Option(
      names = "--lab",
      paramLabel = "NAME",
      description = "The lab (default: the only one that is up).")
  private @Nullable String name;

  Lab attach() {
    requireRoot();
    return Lab.attach(Optional.ofNullable(name));
  }

  /**
   * @throws Refusal if this process may not make network namespaces
   */
  static void requireRoot() {
    try {
      if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
        throw new Refusal(
            "use a lab: it is made of network namespaces, which only root may make; run the command with sudo");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("ask /proc who this process is", e);
    }
  }
}
