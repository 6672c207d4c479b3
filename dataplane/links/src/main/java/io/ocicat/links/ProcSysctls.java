package io.ocicat.links;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The kernel's parameters; those of the network are of the calling thread's namespace.
 *
 * <p>Container runtimes make {@code /proc/sys} read-only; the property {@code ocicat.sysctls} names
 * the place where the node's own {@code /proc/sys} is mounted for us.
 */
public final class ProcSysctls implements SysctlTable {

  private static final Path ROOT = Path.of(System.getProperty("ocicat.sysctls", "/proc/sys"));

  @Override
  public Optional<String> read(String path) throws IOException {
    try {
      return Optional.of(Files.readString(ROOT.resolve(path)).strip());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public void write(String path, String value) throws IOException {
    Files.write(
        ROOT.resolve(path), value.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
  }

  @Override
  public List<String> children(String path) throws IOException {
    try (Stream<Path> names = Files.list(ROOT.resolve(path))) {
      return names.map(name -> String.valueOf(name.getFileName())).sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }
}
