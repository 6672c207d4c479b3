package io.ocicat.controller;

import io.ocicat.controller.kubernetes.HealthServer;
import io.ocicat.controller.kubernetes.KubernetesConfig;
import io.ocicat.controller.kubernetes.KubernetesController;
import io.ocicat.store.Store;
import io.ocicat.store.StoreException;
import io.ocicat.store.kubernetes.ApiServer;
import io.ocicat.store.kubernetes.ClusterAccess;
import io.ocicat.store.sqlite.Retention;
import io.ocicat.store.sqlite.SqliteStore;
import io.ocicat.sync.identity.IdentityException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ocicat controller}: runs until it is told to end. */
@Command(
    name = "controller",
    mixinStandardHelpOptions = true,
    subcommands = CleanupCommand.class,
    description = "Run a controller: store, API, and what agents are told.")
public final class ControllerCommand implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(ControllerCommand.class);
  private static final int REFUSED = 1;

  /** EX_SOFTWARE of sysexits(3). */
  private static final int OWNER_THREAD_ENDED = 70;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "/etc/ocicat/controller.yaml",
      description = "The configuration (${DEFAULT-VALUE}).")
  private Path config = Path.of("/etc/ocicat/controller.yaml");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    try {
      return switch (ControllerConfigReader.read(config)) {
        case ControllerConfigReader.Reading.Valid(var valid) -> run(valid);
        case ControllerConfigReader.Reading.Invalid(var problems) -> {
          refuse("the configuration " + config + " is wrong:");
          problems.forEach(problem -> refuse("  " + problem));
          yield REFUSED;
        }
      };
    } catch (UncheckedIOException | StoreException | IdentityException e) {
      refuse("the controller did not start: " + e.getMessage());
      return REFUSED;
    }
  }

  private void refuse(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }

  private static int run(ControllerConfig config) throws InterruptedException {
    InstantSource clock = InstantSource.system();
    try {
      Files.createDirectories(config.stateDirectory());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create " + config.stateDirectory(), e);
    }
    endWithoutAnOwnerThread();
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    try (AutoCloseable _ = start(config, clock)) {
      Runtime.getRuntime()
          .addShutdownHook(
              Thread.ofPlatform()
                  .name("shutdown")
                  .unstarted(
                      () -> {
                        asked.countDown();
                        awaitQuietly(ended);
                      }));
      asked.await();
    } catch (InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("a controller's end throws no checked exceptions", e);
    } finally {
      ended.countDown();
    }
    return 0;
  }

  private static AutoCloseable start(ControllerConfig config, InstantSource clock) {
    return config
        .kubernetes()
        .<AutoCloseable>map(kubernetes -> startInCluster(config, kubernetes, clock))
        .orElseGet(() -> startAlone(config, clock));
  }

  private static AutoCloseable startAlone(ControllerConfig config, InstantSource clock) {
    Store store = SqliteStore.open(config.store(), Retention.DEFAULT, clock);
    try {
      Controller controller = Controller.start(config, store, version(), clock, new SecureRandom());
      return () -> {
        controller.close();
        store.close();
      };
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private static AutoCloseable startInCluster(
      ControllerConfig config, KubernetesConfig kubernetes, InstantSource clock) {
    KubernetesController controller =
        KubernetesController.start(
            kubernetes,
            config.stateDirectory(),
            config.agents(),
            connect(kubernetes),
            connect(kubernetes),
            clock,
            new SecureRandom());
    Optional<HealthServer> health =
        config
            .healthListen()
            .map(address -> HealthServer.start(address, controller::isReady, controller::served));
    return () -> {
      health.ifPresent(HealthServer::close);
      controller.close();
    };
  }

  private static ApiServer connect(KubernetesConfig kubernetes) {
    return kubernetes
        .kubeconfig()
        .map(ClusterAccess::ofKubeconfig)
        .orElseGet(ClusterAccess::fromEnvironment);
  }

  /**
   * A thread that owns something ends only by a programming error. What it owned is then nobody's,
   * and a new process, which begins from the store, is better than half a controller. Requests run
   * on virtual threads and end alone.
   */
  private static void endWithoutAnOwnerThread() {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, error) -> {
          LOG.error("thread {} ended unexpectedly", thread.getName(), error);
          if (!thread.isVirtual()) {
            Runtime.getRuntime().halt(OWNER_THREAD_ENDED);
          }
        });
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String version() {
    return Optional.ofNullable(ControllerCommand.class.getPackage().getImplementationVersion())
        .orElse("unpackaged");
  }
}
