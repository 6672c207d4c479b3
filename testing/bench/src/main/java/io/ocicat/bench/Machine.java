package io.ocicat.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where something was measured. */
record Machine(String cpu, int cores, String kernel) {

  static Machine here() {
    try {
      String cpu =
          Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
              .filter(line -> line.startsWith("model name"))
              .map(line -> line.substring(line.indexOf(':') + 1).strip())
              .findFirst()
              .orElse("unknown processor");
      String kernel = Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
      return new Machine(cpu, Runtime.getRuntime().availableProcessors(), kernel);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot tell what machine this is", e);
    }
  }

  void write(ObjectNode report) {
    report.putObject("machine").put("cpu", cpu).put("cores", cores).put("kernel", kernel);
  }

  @Override
  public String toString() {
    return "%s, %d cores, Linux %s".formatted(cpu, cores, kernel);
  }
}
