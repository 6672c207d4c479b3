package io.ocicat.agent;

import io.ocicat.agent.attach.AddressSource;
import io.ocicat.agent.attach.CniServer;
import io.ocicat.agent.attach.CniService;
import io.ocicat.agent.journal.EndpointRecord;
import io.ocicat.agent.journal.EndpointRecord.Stage;
import io.ocicat.agent.journal.Ledger;
import io.ocicat.agent.kernel.Adoption;
import io.ocicat.agent.kernel.KernelEnforcement;
import io.ocicat.agent.kernel.KernelPodLinks;
import io.ocicat.agent.node.NodeLoop;
import io.ocicat.state.FaultPoints;
import io.ocicat.sync.NodeReport;
import io.ocicat.sync.client.ControllerTransport;
import io.ocicat.sync.client.SyncClient;
import io.ocicat.sync.grpc.TableFile;
import io.ocicat.sync.identity.Identity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running agent, in the network namespace of the thread that starts it. */
public final class Agent implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
  private static final String VERSION =
      Optional.ofNullable(Agent.class.getPackage().getImplementationVersion()).orElse("dev");
  private static final long READY_POLL_MS = 50;

  private final StateFolder state;
  private final Ledger ledger;
  private final KernelPodLinks links;
  private final KernelEnforcement enforcement;
  private final NodeLoop loop;
  private final SyncClient controller;
  private final CniService service;
  private final CniServer server;
  private final CniInstall install;
  private final ExecutorService background;
  private final Thread installer;

  /** The environment's part of an agent. */
  public record Surroundings(InstantSource clock, SecureRandom random, FaultPoints faults) {}

  private Agent(AgentConfig config, Surroundings surroundings) {
    makeRunFolder(config);
    background =
        Executors.newCachedThreadPool(
            Thread.ofPlatform().name("background-", 0).daemon().factory());
    state = StateFolder.claim(config.folders().state());
    ledger = Ledger.open(state.path(), StateFolder.bootId());
    Adoption.adoptUnknown(ledger, config.networkName());
    links = KernelPodLinks.open(config.nodeAddresses(), surroundings.faults());
    enforcement = KernelEnforcement.open();
    NodeReport identity =
        new NodeReport(config.nodeAddresses(), config.labels(), false, Map.of(), List.of());
    loop =
        new NodeLoop(
            new NodeLoop.Settings(identity, config.nodeName(), config.driftCheck()),
            ledger,
            enforcement,
            System::nanoTime);
    List<EndpointRecord> present =
        ledger.endpoints().stream().filter(e -> e.stage() == Stage.READY).toList();
    controller =
        SyncClient.start(
            new SyncClient.Agent(config.nodeName(), VERSION),
            transport(config, surroundings),
            new TableFile(state.resolve("table")),
            present.stream().map(CniService::report).toList(),
            loop,
            surroundings.random());
    AddressSource addresses =
        new AddressSource(ledger, controller, loop::pools, loop::leasesChanged, background);
    service =
        new CniService(
            ledger, addresses, links, loop, controller, surroundings.faults(), background);
    loop.start(controller, present);
    service.finishInterrupted();
    server = CniServer.start(config.folders().socket(), service);
    install = new CniInstall(config.folders(), config.networkName());
    installer = Thread.ofPlatform().name("install").daemon().unstarted(this::installWhenReady);
    installer.start();
    LOG.info("agent of node {} began with {} endpoints", config.nodeName(), present.size());
  }

  /**
   * Starts an agent. What is wired and enforced already stays as it is, and works meanwhile.
   *
   * @throws IllegalArgumentException if another agent uses its folders
   * @throws RuntimeException if the kernel or a file refuses something that it cannot do without
   */
  public static Agent start(AgentConfig config, Surroundings surroundings) {
    return new Agent(config, surroundings);
  }

  private static void makeRunFolder(AgentConfig config) {
    try {
      Files.createDirectories(config.folders().run());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + config.folders().run(), e);
    }
  }

  private ControllerTransport transport(AgentConfig config, Surroundings surroundings) {
    return config.controllers().isEmpty()
        ? new OfflineTransport()
        : new JoiningTransport(
            config.controllers().getFirst(),
            new Identity.Node(config.nodeName()),
            config.joinToken(),
            state.path(),
            surroundings.clock(),
            surroundings.random());
  }

  /** Says that the node takes pods when it does, not before. */
  private void installWhenReady() {
    try {
      String reason = service.unreadiness();
      while (!reason.isEmpty()) {
        LOG.debug("not ready for pods: {}", reason);
        Thread.sleep(READY_POLL_MS);
        reason = service.unreadiness();
      }
      install.install();
      LOG.info("ready for pods");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("runtimes cannot be told that this node takes pods", e);
    }
  }

  /** Ends the agent. Pods, policy and routes stay in the kernel. */
  @Override
  public void close() {
    installer.interrupt();
    try {
      installer.join();
      install.withdraw();
      server.close();
      controller.close();
      loop.close();
      background.shutdown();
      if (!background.awaitTermination(1, TimeUnit.SECONDS)) {
        LOG.debug("background work is left unfinished");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    links.close();
    enforcement.close();
    ledger.close();
    state.close();
    LOG.info("agent ended; pods keep their network");
  }
}
