package io.ocicat.agent.attach;

import io.ocicat.agent.attach.TroubleReports.Step;
import io.ocicat.agent.journal.EndpointRecord;
import io.ocicat.agent.journal.EndpointRecord.Stage;
import io.ocicat.agent.journal.Ledger;
import io.ocicat.agent.node.LocalEndpoint;
import io.ocicat.agent.node.NodeLoop;
import io.ocicat.agent.node.Programmed;
import io.ocicat.cni.AttachmentKey;
import io.ocicat.cni.CniCall;
import io.ocicat.cni.CniErrorCode;
import io.ocicat.cni.CniResult;
import io.ocicat.cni.NetConf;
import io.ocicat.plan.PodLink;
import io.ocicat.state.FaultPoints;
import io.ocicat.sync.Endpoint;
import io.ocicat.sync.EndpointKey;
import io.ocicat.sync.NamedPort;
import io.ocicat.sync.client.Controller;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does CNI calls.
 *
 * <p>ADD records its intent with the addresses, then makes the link while the node loop programs
 * the policy, then records success, and only then answers. A failure undoes in reverse. DEL records
 * its intent, removes link and policy, and forgets. Calls for one attachment come one after the
 * other, those for different ones at the same time.
 */
public final class CniService {

  private static final Logger LOG = LoggerFactory.getLogger(CniService.class);

  /** An agent that just began needs a moment until it holds what it remembers. */
  private static final Duration SYNC_DEADLINE = Duration.ofSeconds(3);

  private static final Duration PROGRAM_DEADLINE = Duration.ofSeconds(20);
  private static final String NO_POLICY =
      "the agent has no policy yet, neither saved nor from the controller; it serves ADD when the"
          + " controller has been reached once";
  private static final String DEFAULT_NAMESPACE = "default";

  private final Ledger ledger;
  private final AddressSource addresses;
  private final PodLinks links;
  private final NodeLoop loop;
  private final Controller controller;
  private final PodSearch pods;
  private final TroubleReports troubles;
  private final FaultPoints faults;
  private final ExecutorService background;
  private final KeyedLocks<AttachmentKey> locks = new KeyedLocks<>();

  /**
   * @param background where pods are asked for while their links are made
   */
  public CniService(
      Ledger ledger,
      AddressSource addresses,
      PodLinks links,
      NodeLoop loop,
      Controller controller,
      FaultPoints faults,
      ExecutorService background) {
    this.ledger = ledger;
    this.addresses = addresses;
    this.links = links;
    this.loop = loop;
    this.controller = controller;
    this.pods = new PodSearch(loop::localPod, loop::podObjects, controller, PodSearch.PATIENCE);
    this.troubles = new TroubleReports(controller, System::nanoTime);
    this.faults = faults;
    this.background = background;
  }

  /**
   * Does one call.
   *
   * @return what goes to standard output
   * @throws CniRefusal for what the runtime is to be told
   */
  String serve(CniCall call) {
    return switch (call) {
      case CniCall.Add add -> {
        try (var _ = locks.hold(add.key())) {
          yield add(add).toJson(add.conf().version());
        }
      }
      case CniCall.Del(_, AttachmentKey key) -> {
        try (var _ = locks.hold(key)) {
          remove(key);
        }
        yield "";
      }
      case CniCall.Check check -> {
        try (var _ = locks.hold(check.key())) {
          check(check);
        }
        yield "";
      }
      case CniCall.Gc gc -> {
        collect(gc);
        yield "";
      }
      case CniCall.Status _ -> {
        status();
        yield "";
      }
    };
  }

  private CniResult add(CniCall.Add call) {
    Path netns = PodNamespaces.find(call.netns());
    Optional<EndpointRecord> known = ledger.endpoint(call.key());
    if (known.isPresent() && known.get().stage() == Stage.READY) {
      return addAgain(known.get(), call, netns);
    }
    if (known.isPresent()) {
      // What an ADD or DEL left that died.
      remove(call.key());
    }
    if (!loop.awaitInSync(SYNC_DEADLINE)) {
      throw told(call, Step.POLICY, new CniRefusal(CniErrorCode.TRY_LATER, NO_POLICY));
    }
    return addAnew(call, netns);
  }

  /** The same result as before; a link that is not as it was is made anew with its addresses. */
  private CniResult addAgain(EndpointRecord endpoint, CniCall.Add call, Path netns) {
    PodLink link = LocalEndpoint.linkOf(endpoint);
    PodLinks.Wired wired =
        links.check(link, netns).isEmpty() ? links.describe(link) : wire(endpoint, netns);
    return AddResult.of(endpoint, call.netns().path(), wired);
  }

  private CniResult addAnew(CniCall.Add call, Path netns) {
    EndpointRecord endpoint = begin(call);
    faults.hit("add-begun");
    CompletableFuture<Programmed> programming = new CompletableFuture<>();
    program(endpoint, programming);
    Step step = Step.LINK;
    try {
      PodLinks.Wired wired = wire(endpoint, netns);
      faults.hit("add-wired");
      step = Step.POLICY;
      await(programming, endpoint);
      faults.hit("add-programmed");
      ledger.reached(endpoint.key(), Stage.READY);
      faults.hit("add-recorded");
      loop.settle(endpoint.key());
      controller.endpointUp(report(endpoint, wired.mac()));
      LOG.info(
          "added {} for {}/{} with {}",
          endpoint.key(),
          endpoint.namespace(),
          endpoint.pod(),
          endpoint.addresses());
      return AddResult.of(endpoint, call.netns().path(), wired);
    } catch (CniRefusal e) {
      undo(endpoint.key(), programming, e);
      throw told(call, step, e);
    } catch (RuntimeException e) {
      undo(endpoint.key(), programming, e);
      throw e;
    }
  }

  private EndpointRecord begin(CniCall.Add call) {
    try {
      return addresses.begin(draft(call), call.requestedAddresses());
    } catch (CniRefusal e) {
      throw told(call, Step.ADDRESS, e);
    }
  }

  private CniRefusal told(CniCall.Add call, Step step, CniRefusal refusal) {
    troubles.tell(call, step, refusal);
    return refusal;
  }

  private EndpointRecord draft(CniCall.Add call) {
    String namespace = call.args().podNamespace();
    return new EndpointRecord(
        call.key(),
        call.conf().name(),
        namespace.isEmpty() ? DEFAULT_NAMESPACE : namespace,
        call.args().podName(),
        loop.podObjects() ? call.args().podUid() : "",
        call.netns().path(),
        List.of(),
        call.labels(),
        Stage.ADDING);
  }

  private PodLinks.Wired wire(EndpointRecord endpoint, Path netns) {
    return switch (links.wire(LocalEndpoint.linkOf(endpoint), netns)) {
      case PodLinks.Wired wired -> wired;
      case PodLinks.Refused(CniErrorCode code, String reason) -> throw new CniRefusal(code, reason);
    };
  }

  /** Leaves the endpoint to the node loop, as soon as its pod's labels are known. */
  private void program(EndpointRecord endpoint, CompletableFuture<Programmed> done) {
    if (pods.isNeeded(endpoint)) {
      background.execute(
          () -> {
            try {
              loop.put(new LocalEndpoint(endpoint, pods.find(endpoint)), done);
            } catch (RuntimeException e) {
              done.completeExceptionally(e);
            }
          });
    } else {
      loop.put(new LocalEndpoint(endpoint, List.of()), done);
    }
  }

  private static void await(Future<Programmed> programming, EndpointRecord endpoint) {
    try {
      switch (programming.get(PROGRAM_DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
        case Programmed.Enforced() -> {}
        case Programmed.Incomplete() ->
            LOG.warn(
                "{} runs with peers denied whose addresses the controller has not sent",
                endpoint.key());
        case Programmed.Failed(String reason) ->
            throw new CniRefusal(
                CniErrorCode.TRY_LATER, "policy of " + endpoint.key() + ": " + reason);
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CniRefusal refusal) {
        throw refusal;
      }
      throw new IllegalStateException("programming the policy of " + endpoint.key() + " failed", e);
    } catch (TimeoutException e) {
      throw new CniRefusal(
          CniErrorCode.TRY_LATER,
          "policy of %s is not in the kernel after %s".formatted(endpoint.key(), PROGRAM_DEADLINE));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CniRefusal(CniErrorCode.TRY_LATER, "the agent is ending");
    }
  }

  private void undo(AttachmentKey key, Future<Programmed> programming, RuntimeException cause) {
    LOG.warn("ADD of {} failed and is undone: {}", key, cause.getMessage());
    try {
      // The loop must not be told to forget the endpoint before it has been told of it.
      Programmed _ = programming.get(PROGRAM_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("the policy of {} was not programmed", key, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      remove(key);
    } catch (RuntimeException e) {
      // The journal still has it, so DEL, GC or the next start will finish this.
      LOG.error("ADD of {} could not be undone yet", key, e);
    }
  }

  private static Endpoint report(EndpointRecord endpoint, String mac) {
    return new Endpoint(
        new EndpointKey(endpoint.key().containerId(), endpoint.key().ifName()),
        endpoint.namespace(),
        endpoint.pod(),
        endpoint.podUid(),
        endpoint.addresses(),
        LocalEndpoint.linkOf(endpoint).hostInterface(),
        mac,
        endpoint.labels(),
        List.<NamedPort>of());
  }

  /** Endpoints as they are reported when the agent starts. */
  public static Endpoint report(EndpointRecord endpoint) {
    return report(endpoint, "");
  }

  /**
   * Removes all that may be there of an attachment, however much that is, and also if no journal
   * knows of it.
   */
  private void remove(AttachmentKey key) {
    boolean known = ledger.endpoint(key).isPresent();
    if (known) {
      ledger.reached(key, Stage.DELETING);
    }
    faults.hit("del-begun");
    links.unwire(PodLink.hostInterface(key.containerId(), key.ifName()));
    faults.hit("del-unwired");
    // Not before: the kernel would wait for the freeing of chains as well while it deletes the
    // link.
    Future<Programmed> policy = loop.remove(key);
    try {
      Programmed _ = policy.get(PROGRAM_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // Its chains go nowhere without a link, and the next transaction takes them away.
      LOG.warn("the policy chains of {} are still there", key, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    faults.hit("del-unprogrammed");
    ledger.gone(key);
    faults.hit("del-recorded");
    controller.endpointDown(new EndpointKey(key.containerId(), key.ifName()));
    if (known) {
      LOG.info("removed {}", key);
    }
  }

  /** Finishes what a dead agent had begun: neither half-made nor half-removed things stay. */
  public void finishInterrupted() {
    for (EndpointRecord endpoint : ledger.endpoints()) {
      if (endpoint.stage() != Stage.READY) {
        LOG.info("undoing what was left of {} ({})", endpoint.key(), endpoint.stage());
        try (var _ = locks.hold(endpoint.key())) {
          remove(endpoint.key());
        }
      }
    }
  }

  private void check(CniCall.Check call) {
    EndpointRecord endpoint =
        ledger
            .endpoint(call.key())
            .filter(e -> e.stage() == Stage.READY)
            .orElseThrow(
                () ->
                    new CniRefusal(
                        CniErrorCode.UNKNOWN_CONTAINER,
                        call.key() + " is not attached to network " + call.conf().name()));
    List<String> problems = new ArrayList<>(AddResult.differences(endpoint, call));
    problems.addAll(links.check(LocalEndpoint.linkOf(endpoint), PodNamespaces.find(call.netns())));
    if (!loop.isInSync()) {
      problems.add("the agent does not know whether its policy is current");
    }
    if (!problems.isEmpty()) {
      throw new CniRefusal(
          CniErrorCode.ATTACHMENT_BROKEN, call.key() + ": " + String.join("; ", problems));
    }
  }

  private void collect(CniCall.Gc call) {
    if (!(call.valid() instanceof NetConf.ValidAttachments.Given(var valid))) {
      return;
    }
    // What is being added now is younger than the runtime's list.
    List<AttachmentKey> stale =
        ledger.endpoints().stream()
            .filter(e -> e.network().equals(call.conf().name()) && e.stage() != Stage.ADDING)
            .map(EndpointRecord::key)
            .filter(key -> !valid.contains(key))
            .toList();
    Map<AttachmentKey, String> failures = new TreeMap<>();
    for (AttachmentKey key : stale) {
      try (var _ = locks.hold(key)) {
        remove(key);
      } catch (RuntimeException e) {
        LOG.error("stale attachment {} could not be removed", key, e);
        failures.put(key, e.getMessage());
      }
    }
    if (!failures.isEmpty()) {
      throw new CniRefusal(
          CniErrorCode.TRY_LATER,
          "%d of %d stale attachments could not be removed: %s"
              .formatted(
                  failures.size(),
                  stale.size(),
                  failures.entrySet().stream()
                      .map(f -> f.getKey() + ": " + f.getValue())
                      .collect(Collectors.joining("; "))));
    }
  }

  private void status() {
    String unreadiness = unreadiness();
    if (!unreadiness.isEmpty()) {
      throw new CniRefusal(CniErrorCode.CANNOT_SERVE_ADD, unreadiness);
    }
    if (loop.isFailing()) {
      throw new CniRefusal(CniErrorCode.LIMITED_CONNECTIVITY, String.join("; ", loop.problems()));
    }
  }

  /**
   * Why ADD cannot be served now; empty if it can.
   *
   * @return a sentence
   */
  public String unreadiness() {
    return loop.isInSync() ? addresses.shortage() : NO_POLICY;
  }
}
