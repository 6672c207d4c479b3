package io.ocicat.bgpd;

import io.ocicat.bgp.speaker.WarmUp;
import io.ocicat.bgpcontrol.Control;
import io.ocicat.bgpcontrol.Questions;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ocicat bgpd}: runs until it is told to end. */
@Command(
    name = "bgpd",
    mixinStandardHelpOptions = true,
    description = "Run a BGP speaker of its own, from a file.",
    footer = {"", "'ocicat bgp' asks it, and has it read its file again."})
public final class BgpdCommand implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(BgpdCommand.class);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      defaultValue = "/etc/ocicat/bgpd.yaml",
      description = "The configuration (${DEFAULT-VALUE}).")
  private Path config = Path.of("/etc/ocicat/bgpd.yaml");

  @Option(
      names = "--check",
      description = "Only say whether the configuration is right, and what is not.")
  private boolean check;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    try {
      return switch (BgpdConfigReader.read(config)) {
        case BgpdConfigReader.Reading.Valid(BgpdConfig valid) -> check ? 0 : run(valid);
        case BgpdConfigReader.Reading.Invalid(List<String> problems) -> {
          err.println("the configuration " + config + " is wrong:");
          problems.forEach(problem -> err.println("  " + problem));
          err.flush();
          yield 1;
        }
      };
    } catch (UncheckedIOException e) {
      err.println("the speaker did not start: " + e.getMessage() + ": " + e.getCause());
      err.flush();
      return 1;
    }
  }

  private int run(BgpdConfig valid) {
    Daemon daemon = new Daemon(valid);
    try (Control _ = Control.open(valid.socket(), new Questions(daemon, () -> reload(daemon)))) {
      Runtime.getRuntime()
          .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(daemon::end));
      Thread _ = Thread.ofPlatform().daemon().name("warm-up").start(BgpdCommand::warmUp);
      HangUp.each(() -> reloadBySignal(daemon));
      daemon.run();
    }
    return 0;
  }

  private static void warmUp() {
    int _ = WarmUp.run();
    // What it left would stay in memory as long as there is little to do.
    System.gc();
  }

  private void reloadBySignal(Daemon daemon) {
    List<String> problems = reload(daemon);
    if (!problems.isEmpty()) {
      LOG.warn("The configuration stays as it was: {}", String.join("; ", problems));
    }
  }

  private List<String> reload(Daemon daemon) {
    try {
      return switch (BgpdConfigReader.read(config)) {
        case BgpdConfigReader.Reading.Valid(BgpdConfig valid) -> daemon.change(valid);
        case BgpdConfigReader.Reading.Invalid(List<String> problems) -> problems;
      };
    } catch (UncheckedIOException e) {
      return List.of(e.getMessage() + ": " + e.getCause());
    }
  }
}
