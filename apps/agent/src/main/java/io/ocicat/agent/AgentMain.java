package io.ocicat.agent;

import io.ocicat.state.FaultPoints;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/** The agent's process: {@code ocicat agent [--config FILE]}. */
public final class AgentMain {

  /** Where the configuration is when nothing else is said. */
  public static final Path DEFAULT_CONFIG = Path.of("/etc/ocicat/agent.yaml");

  private static final int REFUSED = 1;
  private static final int WRONG_USAGE = 2;

  private AgentMain() {}

  /** Runs the agent until the process is told to end. */
  public static void main(String[] arguments) {
    if (arguments.length != 0 && !(arguments.length == 2 && arguments[0].equals("--config"))) {
      System.err.println("usage: ocicat agent [--config FILE]");
      System.exit(WRONG_USAGE);
    }
    Path config = arguments.length == 0 ? DEFAULT_CONFIG : Path.of(arguments[1]);
    System.exit(run(config, System.err));
  }

  /**
   * Runs the agent until SIGTERM or SIGINT.
   *
   * @return the exit status
   */
  public static int run(Path configFile, PrintStream err) {
    AgentConfig config;
    try {
      switch (AgentConfigReader.read(configFile)) {
        case AgentConfigReader.Reading.Valid(AgentConfig valid) -> config = valid;
        case AgentConfigReader.Reading.Invalid(var problems) -> {
          err.println(configFile + " is not a configuration for an agent:");
          problems.forEach(problem -> err.println("  " + problem));
          return WRONG_USAGE;
        }
      }
    } catch (RuntimeException e) {
      err.println("ocicat agent: " + e.getMessage());
      return REFUSED;
    }
    return run(config);
  }

  private static int run(AgentConfig config) {
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("shutdown")
                .unstarted(
                    () -> {
                      end.countDown();
                      awaitQuietly(ended);
                    }));
    try (Agent _ =
        Agent.start(
            config,
            new Agent.Surroundings(
                InstantSource.system(), new SecureRandom(), FaultPoints.haltingAt(faultPoint())))) {
      awaitQuietly(end);
      return 0;
    } catch (RuntimeException e) {
      LoggerFactory.getLogger(AgentMain.class).error("the agent of {} ended", config.nodeName(), e);
      return REFUSED;
    } finally {
      ended.countDown();
    }
  }

  private static String faultPoint() {
    return Optional.ofNullable(System.getenv(FaultPoints.VARIABLE))
        .or(() -> Optional.ofNullable(System.getProperty(FaultPoints.VARIABLE)))
        .orElse("");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
