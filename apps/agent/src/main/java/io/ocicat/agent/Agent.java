package io.ocicat.agent;

import io.ocicat.agent.address.NodeAddressing;
import io.ocicat.agent.address.NodeView;
import io.ocicat.agent.attach.AddressSource;
import io.ocicat.agent.attach.CniServer;
import io.ocicat.agent.attach.CniService;
import io.ocicat.agent.bgp.NodeBgp;
import io.ocicat.agent.journal.EndpointRecord;
import io.ocicat.agent.journal.EndpointRecord.Stage;
import io.ocicat.agent.journal.Ledger;
import io.ocicat.agent.kernel.Adoption;
import io.ocicat.agent.kernel.KernelEnforcement;
import io.ocicat.agent.kernel.KernelPodLinks;
import io.ocicat.agent.logged.FlowReader;
import io.ocicat.agent.node.NodeLoop;
import io.ocicat.agent.routing.SpeakerPlanning;
import io.ocicat.inet.IpAddress;
import io.ocicat.links.RouteScope;
import io.ocicat.nft.compile.NodeTable;
import io.ocicat.nftables.log.NfLog;
import io.ocicat.rtnetlink.Rtnetlink;
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
import java.time.Duration;
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

  /** So long may an agent take to know its policies before runtimes are told that it does not. */
  private static final Duration STALE_CONFIGURATION = Duration.ofSeconds(3);

  private final StateFolder state;
  private final Ledger ledger;
  private final KernelPodLinks links;
  private final KernelEnforcement enforcement;
  private final NodeLoop loop;
  private final SyncClient controller;
  private final CniService service;
  private final CniServer server;
  private final Optional<NfLog> log;
  private final Optional<FlowReader> flows;
  private final Optional<NodeBgp> bgp;
  private final SpeakerPlanning planning;
  private final CniInstall install;
  private final boolean removeOnShutdown;
  private final ExecutorService background;
  private final Thread installer;

  /** The environment's part of an agent. */
  public record Surroundings(InstantSource clock, SecureRandom random, FaultPoints faults) {}

  private Agent(AgentConfig config, Surroundings surroundings) {
    makeRunFolder(config);
    List<IpAddress> nodeAddresses = findAddresses(config);
    removeOnShutdown = config.removeOnShutdown();
    background =
        Executors.newCachedThreadPool(
            Thread.ofPlatform().name("background-", 0).daemon().factory());
    state = StateFolder.claim(config.folders().state());
    ledger = Ledger.open(state.path(), StateFolder.bootId());
    Adoption.adoptUnknown(ledger, config.networkName());
    links = KernelPodLinks.open(nodeAddresses, surroundings.faults());
    boolean speaks = config.routes() == AgentConfig.Routes.BGP;
    enforcement =
        KernelEnforcement.open(
            state.sysctls(), speaks ? RouteScope.WITHOUT_GATEWAYS : RouteScope.ALL);
    NodeReport identity =
        new NodeReport(nodeAddresses, config.labels(), false, Map.of(), List.of());
    loop =
        new NodeLoop(
            new NodeLoop.Settings(
                identity,
                config.nodeName(),
                config.driftCheck(),
                new ControllerList(config.controllers())::ports),
            ledger,
            enforcement,
            System::nanoTime);
    List<EndpointRecord> present =
        ledger.endpoints().stream().filter(e -> e.stage() == Stage.READY).toList();
    controller =
        SyncClient.start(
            new SyncClient.Agent(config.nodeName(), VERSION),
            transport(config, surroundings),
            new TableFile(state.resolve("table"), config.folders().passwords()),
            present.stream().map(CniService::report).toList(),
            loop,
            surroundings.random());
    AddressSource addresses =
        new AddressSource(ledger, controller, loop::pools, loop::leasesChanged, background);
    service =
        new CniService(
            ledger, addresses, links, loop, controller, surroundings.faults(), background);
    bgp = speaks ? Optional.of(NodeBgp.start(config.folders().bgpSocket())) : Optional.empty();
    planning = startPlanning(config);
    loop.start(controller, present, planning);
    log = openLog();
    flows =
        log.map(
            each ->
                FlowReader.start(
                    each::receive, loop::seen, surroundings.clock(), System::nanoTime));
    service.finishInterrupted();
    server = CniServer.start(config.folders().socket(), service);
    install = new CniInstall(config.folders(), config.networkName(), surroundings.faults());
    installer = Thread.ofPlatform().name("install").daemon().unstarted(this::installWhenReady);
    installer.start();
    LOG.info("agent of node {} began with {} endpoints", config.nodeName(), present.size());
  }

  /**
   * Starts an agent. What is wired and enforced already stays as it is, and works meanwhile.
   *
   * @throws IllegalArgumentException if another agent uses its folders, or the node's addresses are
   *     not found
   * @throws RuntimeException if the kernel or a file refuses something that it cannot do without
   */
  public static Agent start(AgentConfig config, Surroundings surroundings) {
    return new Agent(config, surroundings);
  }

  private SpeakerPlanning startPlanning(AgentConfig config) {
    SpeakerPlanning.Outlets outlets =
        bgp.map(
                speaker ->
                    new SpeakerPlanning.Outlets(
                        speaker, speaker, controller::tell, loop::routingProblems))
            .orElseGet(() -> SpeakerPlanning.Outlets.silent(controller::tell));
    return SpeakerPlanning.start(config.nodeName(), outlets, System::nanoTime);
  }

  private static List<IpAddress> findAddresses(AgentConfig config) {
    try (Rtnetlink rtnetlink = Rtnetlink.open()) {
      return switch (config
          .nodeAddresses()
          .find(NodeView.of(rtnetlink, config.internalAddresses()))) {
        case NodeAddressing.Found.Addresses(var addresses) -> {
          LOG.info("other nodes reach this one at {}", addresses);
          yield addresses;
        }
        case NodeAddressing.Found.Nothing(var reason) -> throw new IllegalArgumentException(reason);
      };
    }
  }

  /** Without it all is enforced the same, and nobody sees what is denied. */
  private Optional<NfLog> openLog() {
    return switch (NfLog.open(NodeTable.LOG_GROUP)) {
      case NfLog.Opened.Open(NfLog opened) -> Optional.of(opened);
      case NfLog.Opened.Refused(String reason) -> {
        LOG.warn("what policy denies will not be seen: {}", reason);
        loop.warn("what policy denies is not seen: " + reason);
        yield Optional.empty();
      }
    };
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
            config.controllers(),
            new Identity.Node(config.nodeName()),
            config.joining(),
            state.path(),
            surroundings.clock(),
            surroundings.random());
  }

  /**
   * Says that the node takes pods when it does, not before. What a killed agent left behind says so
   * too: it stays while this one comes to know what that one knew, which takes a moment, lest the
   * node flaps; it goes if this one knows nothing. Without addresses alone it stays: pods that run
   * are well, and new ones are told.
   */
  private void installWhenReady() {
    long staleAtNs = System.nanoTime() + STALE_CONFIGURATION.toNanos();
    try {
      String reason = service.unreadiness();
      while (!reason.isEmpty()) {
        LOG.debug("not ready for pods: {}", reason);
        if (System.nanoTime() - staleAtNs >= 0 && !loop.isInSync() && install.withdraw()) {
          LOG.warn("an earlier agent said that this node takes pods, which it does not yet");
        }
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

  /** Before anything else ends: a runtime that does not find us waits, and loses no call. */
  private void withdraw() {
    if (!removeOnShutdown) {
      return;
    }
    try {
      boolean _ = install.withdraw();
    } catch (UncheckedIOException e) {
      LOG.error("runtimes go on thinking that this node takes pods", e);
    }
  }

  /** Ends the agent. Pods, policy and routes stay in the kernel. */
  @Override
  public void close() {
    installer.interrupt();
    try {
      installer.join();
      withdraw();
      server.close();
      flows.ifPresent(FlowReader::close);
      log.ifPresent(NfLog::close);
      controller.close();
      loop.close();
      planning.close();
      bgp.ifPresent(NodeBgp::close);
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
