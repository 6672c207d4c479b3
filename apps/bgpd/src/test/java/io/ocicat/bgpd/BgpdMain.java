package io.ocicat.bgpd;

import picocli.CommandLine;

/** {@code ocicat bgpd} as a process of its own, without the rest of the command line. */
final class BgpdMain {

  private BgpdMain() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new BgpdCommand()).execute(arguments));
  }
}
