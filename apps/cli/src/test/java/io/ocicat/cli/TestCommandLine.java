package io.ocicat.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;

/** Runs commands as the JVM's main method does, and keeps what they print. */
public final class TestCommandLine {

  /** What a command did. */
  public record Ran(int status, String out, String err) {}

  private TestCommandLine() {}

  public static Ran run(List<String> words) {
    String[] arguments = words.toArray(String[]::new);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine(arguments);
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    int status = line.execute(arguments);
    return new Ran(status, out.toString(), err.toString());
  }
}
