package io.ocicat.cli;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The terminal that standard output goes to, if it does. */
public final class Terminal {
  private Terminal() {}

  /** Its width in columns, 0 if there is no terminal. */
  @SuppressWarnings("SystemConsoleNull") // It is null where the JDK's own console is in use.
  public static int widthColumns() {
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      return 0;
    }
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      if (stty.waitFor(1, TimeUnit.SECONDS) && answer.strip().matches("\\d+ \\d+")) {
        return Integer.parseInt(answer.strip().split(" ")[1]);
      }
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }
}
