package io.ocicat.agent.attach;

import io.ocicat.agent.journal.BeginResult;
import io.ocicat.agent.journal.EndpointRecord;
import io.ocicat.agent.journal.Ledger;
import io.ocicat.agent.node.PoolView;
import io.ocicat.cni.CniErrorCode;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.ipam.AddressDemand;
import io.ocicat.ipam.AllocateResult;
import io.ocicat.ipam.Block;
import io.ocicat.model.IpPool;
import io.ocicat.sync.BlockAnswer;
import io.ocicat.sync.BlockRequest;
import io.ocicat.sync.client.Controller;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins attachments with addresses from the node's blocks, and leases further blocks: in time,
 * when few addresses are left, and at once, when there are none.
 */
public final class AddressSource {

  private static final Logger LOG = LoggerFactory.getLogger(AddressSource.class);
  private static final Duration LEASE_DEADLINE = Duration.ofSeconds(5);

  private static final String NO_POOL = "there is no IPPool; create one for the pods of this node";

  /** Fewer free addresses of a family than this, and the next block is asked for. */
  static final int LEASE_AHEAD_BELOW = 16;

  private final Ledger ledger;
  private final Controller controller;
  private final Supplier<PoolView> pools;
  private final Runnable leasesChanged;
  private final ExecutorService background;
  private final AtomicBoolean leasingAhead = new AtomicBoolean();

  /** Held while a block is asked for, so that many ADDs at once lease one block, not many. */
  private final ReentrantLock leasing = new ReentrantLock();

  /**
   * @param leasesChanged told after a lease is on disk
   * @param background where blocks are leased ahead
   */
  public AddressSource(
      Ledger ledger,
      Controller controller,
      Supplier<PoolView> pools,
      Runnable leasesChanged,
      ExecutorService background) {
    this.ledger = ledger;
    this.controller = controller;
    this.pools = pools;
    this.leasesChanged = leasesChanged;
    this.background = background;
  }

  /** Whether a family can be served from here, and if not, why. */
  private sealed interface Service {
    record Served() implements Service {}

    /**
     * @param excludes that it is this node's or the pools' nature, not a shortage: the other family
     *     may then stand alone
     */
    record NotServed(CniErrorCode code, String reason, boolean excludes) implements Service {}
  }

  /**
   * Records the intent to add {@code draft}, with addresses.
   *
   * @param requested exactly these; none to take any of each family that the node is served with
   * @throws CniRefusal if there are none to be had
   */
  EndpointRecord begin(EndpointRecord draft, List<IpAddress> requested) {
    EndpointRecord endpoint =
        requested.isEmpty() ? beginAny(draft) : beginExactly(draft, requested);
    background.execute(this::leaseAhead);
    return endpoint;
  }

  private EndpointRecord beginExactly(EndpointRecord draft, List<IpAddress> requested) {
    return switch (ledger.begin(draft, new AddressDemand.Exactly(requested))) {
      case BeginResult.Begun(EndpointRecord endpoint) -> endpoint;
      case BeginResult.NoAddress(AllocateResult.InUse(IpAddress address)) ->
          throw new CniRefusal(
              CniErrorCode.ADDRESS_UNAVAILABLE,
              "the requested address " + address + " is in use on this node");
      case BeginResult.NoAddress(AllocateResult.NotOwned(IpAddress address)) ->
          throw new CniRefusal(
              CniErrorCode.ADDRESS_UNAVAILABLE,
              "the requested address %s is in none of the blocks leased to this node: %s"
                  .formatted(address, ledger.blocks().stream().map(Block::cidr).toList()));
      case BeginResult.NoAddress(AllocateResult reason) ->
          throw new IllegalStateException("asked for " + requested + ", got " + reason);
    };
  }

  private EndpointRecord beginAny(EndpointRecord draft) {
    PoolView view = pools.get();
    Set<IpFamily> families = EnumSet.noneOf(IpFamily.class);
    families.addAll(view.families());
    Optional<CniRefusal> refusal = Optional.empty();
    while (!families.isEmpty()) {
      switch (ledger.begin(draft, new AddressDemand.Any(families, view.usable()))) {
        case BeginResult.Begun(EndpointRecord endpoint) -> {
          return endpoint;
        }
        case BeginResult.NoAddress(AllocateResult.NeedsBlock(IpFamily family)) -> {
          switch (lease(family, view)) {
            case Service.Served() -> {}
            case Service.NotServed(var code, var reason, boolean excludes) -> {
              if (!excludes) {
                throw new CniRefusal(code, reason);
              }
              refusal = Optional.of(new CniRefusal(code, reason));
              families.remove(family);
            }
          }
        }
        case BeginResult.NoAddress(AllocateResult reason) ->
            throw new IllegalStateException("asked for any address, got " + reason);
      }
    }
    throw refusal.orElseGet(() -> new CniRefusal(CniErrorCode.NO_POOL_FOR_NODE, NO_POOL));
  }

  /** Gets one more block of the family, unless somebody just did. */
  private Service lease(IpFamily family, PoolView view) {
    if (!view.isUsable(family)) {
      List<String> names =
          view.pools().stream()
              .filter(pool -> pool.cidr().family() == family)
              .map(IpPool::name)
              .toList();
      return new Service.NotServed(CniErrorCode.POOL_DISABLED, disabled(family, names), true);
    }
    leasing.lock();
    try {
      if (ledger.freeCount(family, view.usable()) > 0) {
        return new Service.Served();
      }
      BlockAnswer answer =
          controller.requestBlock(new BlockRequest(family, List.of()), LEASE_DEADLINE);
      return switch (answer) {
        case BlockAnswer.Leased(var block) -> {
          add(new Block(block.cidr(), block.pool()));
          yield new Service.Served();
        }
        case BlockAnswer.PoolExhausted(List<String> names) ->
            new Service.NotServed(
                CniErrorCode.POOL_EXHAUSTED,
                "no %s address is left: every block of %s is leased and the blocks of this node are"
                        .formatted(family, named(names))
                    + " in use; add an IPPool or remove pods",
                false);
        case BlockAnswer.PoolDisabled(List<String> names) ->
            new Service.NotServed(CniErrorCode.POOL_DISABLED, disabled(family, names), true);
        case BlockAnswer.NoPoolForNode(List<String> names) ->
            new Service.NotServed(
                CniErrorCode.NO_POOL_FOR_NODE,
                "no %s pool selects this node; see the nodeSelector of %s"
                    .formatted(family, named(names)),
                true);
        case BlockAnswer.Unavailable(String reason) ->
            new Service.NotServed(
                CniErrorCode.TRY_LATER,
                "the %s blocks of this node are used up and the controller cannot be asked for one"
                        .formatted(family)
                    + " more: "
                    + reason,
                false);
      };
    } finally {
      leasing.unlock();
    }
  }

  private static String disabled(IpFamily family, List<String> names) {
    return "no %s address may be given: disabled: %s; set disabled to false or add an IPPool"
        .formatted(family, named(names));
  }

  private static String named(List<String> names) {
    return names.isEmpty() ? "(there is no IPPool)" : "IPPool " + String.join(", ", names);
  }

  private void add(Block block) {
    ledger.addLease(block);
    leasesChanged.run();
    LOG.info("leased block {} of pool {}", block.cidr(), block.pool());
  }

  /** Asks for the next block when few addresses are left. */
  private void leaseAhead() {
    PoolView view = pools.get();
    Set<String> usable = view.usable();
    for (IpFamily family : view.families()) {
      boolean few =
          view.isUsable(family)
              && ledger.blocks().stream().anyMatch(b -> b.cidr().family() == family)
              && ledger.freeCount(family, usable) < lowMark(family);
      if (few && leasingAhead.compareAndSet(false, true)) {
        leaseAhead(family, usable);
      }
    }
  }

  /** A quarter of the smallest block, at most {@link #LEASE_AHEAD_BELOW}. */
  private int lowMark(IpFamily family) {
    return ledger.blocks().stream()
        .filter(block -> block.cidr().family() == family)
        .mapToInt(block -> Math.min(LEASE_AHEAD_BELOW, Math.max(1, block.size() / 4)))
        .min()
        .orElse(0);
  }

  private void leaseAhead(IpFamily family, Set<String> usable) {
    leasing.lock();
    try {
      if (ledger.freeCount(family, usable) >= lowMark(family)) {
        return;
      }
      switch (controller.requestBlock(new BlockRequest(family, List.of()), LEASE_DEADLINE)) {
        case BlockAnswer.Leased(var block) -> add(new Block(block.cidr(), block.pool()));
        case BlockAnswer.PoolExhausted _,
            BlockAnswer.PoolDisabled _,
            BlockAnswer.NoPoolForNode _,
            BlockAnswer.Unavailable _ ->
            LOG.debug("no further {} block to lease ahead", family);
      }
    } finally {
      leasing.unlock();
      leasingAhead.set(false);
    }
  }

  /**
   * Why no ADD could get an address now; empty if one could. Where nothing is free it tries to
   * lease a block, so that the answer is the truth and not a guess.
   *
   * @return a sentence
   */
  String shortage() {
    PoolView view = pools.get();
    Set<String> usable = view.usable();
    String excluded = view.pools().isEmpty() ? NO_POOL : "";
    boolean served = false;
    for (IpFamily family : view.families()) {
      Service service =
          ledger.freeCount(family, usable) > 0 ? new Service.Served() : lease(family, view);
      switch (service) {
        case Service.Served() -> served = true;
        case Service.NotServed(_, var reason, boolean excludes) -> {
          if (!excludes) {
            return reason;
          }
          excluded = reason;
        }
      }
    }
    return served ? "" : excluded;
  }
}
