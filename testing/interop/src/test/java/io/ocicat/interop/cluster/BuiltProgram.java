package io.ocicat.interop.cluster;

import io.ocicat.testkit.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The program that the running Maven build has put together, else what the launcher built. */
final class BuiltProgram {

  /** Where labs find the program; set to try another. */
  private static final String HOME = "ocicat.home";

  private BuiltProgram() {}

  /** Makes labs of this JVM run it. */
  static void use() {
    System.setProperty(HOME, home().toString());
  }

  /** Runs one command of it. */
  static Shell.Result run(String... arguments) {
    List<String> command = new ArrayList<>(List.of(home().resolve("bin/ocicat").toString()));
    command.addAll(List.of(arguments));
    return Shell.run(command, Map.of("JAVA_HOME", System.getProperty("java.home")));
  }

  static Path home() {
    String given = System.getProperty(HOME, "");
    if (!given.isEmpty()) {
      return Path.of(given);
    }
    Path directory = Path.of("").toAbsolutePath();
    while (directory != null) {
      for (String place : List.of("staging", "ocicat")) {
        Path home = directory.resolve("deploy/dist/target").resolve(place);
        if (Files.isExecutable(home.resolve("bin/ocicat"))) {
          return home;
        }
      }
      directory = directory.getParent();
    }
    throw new AssertionError("nothing to run; build it with ./ocicat version");
  }
}
