package io.ocicat.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How to start another process of this program. */
public final class Program {
  /** Where the program is unpacked; the launcher sets it. */
  private static final String HOME = "ocicat.home";

  private static final String MAIN = "io.ocicat.cli.Main";

  private Program() {}

  /** The command that {@code ocicat} arguments follow. */
  public static List<String> command() {
    String home = System.getProperty(HOME, "");
    Path launcher = Path.of(home, "bin", "ocicat");
    if (!home.isEmpty() && Files.isExecutable(launcher)) {
      return List.of(launcher.toString());
    }
    // Not started by the launcher, as in tests: the same JVM with the same classes.
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            MAIN));
    return command;
  }
}
