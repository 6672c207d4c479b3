package io.ocicat.agent.journal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.ocicat.agent.journal.EndpointRecord.Stage;
import io.ocicat.cni.AttachmentKey;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpFamily;
import io.ocicat.ipam.AddressDemand;
import io.ocicat.ipam.AllocateResult;
import io.ocicat.ipam.Block;
import io.ocicat.ipam.BlockAllocator;
import io.ocicat.state.Check;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Endpoints, addresses and leases, as they are remembered.
 *
 * <p>An address is in use exactly while an endpoint holds it. Each change is in the journal before
 * the method returns. All methods may be called from any thread; each takes some tens of
 * microseconds, those about leases as long as the disk takes.
 */
public final class Ledger implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

  /** The journal is rewritten when it is longer than this and four times what is needed. */
  static final long REWRITE_FROM_BYTES = 256 << 10;

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final JournalFile journal;

  @GuardedBy("lock")
  private final LeaseFile leases;

  @GuardedBy("lock")
  private final BlockAllocator allocator = new BlockAllocator();

  @GuardedBy("lock")
  private final Map<AttachmentKey, EndpointRecord> endpoints = new TreeMap<>();

  @GuardedBy("lock")
  private long rewriteAtBytes = REWRITE_FROM_BYTES;

  private Ledger(JournalFile journal, LeaseFile leases) {
    this.journal = journal;
    this.leases = leases;
  }

  /**
   * Opens the files in {@code folder}, which exists.
   *
   * @param bootId of the running kernel; a journal of another boot is forgotten
   * @throws java.io.UncheckedIOException if the files cannot be read or written
   */
  public static Ledger open(Path folder, String bootId) {
    LeaseFile leases = new LeaseFile(folder.resolve("leases"));
    JournalFile.Opened opened = JournalFile.open(folder.resolve("journal"), bootId);
    Ledger ledger = new Ledger(opened.file(), leases);
    ledger.replay(leases.read(), opened.events());
    return ledger;
  }

  private void replay(List<Block> blocks, List<Event> events) {
    lock.lock();
    try {
      blocks.forEach(allocator::addBlock);
      events.forEach(this::apply);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void apply(Event event) {
    switch (event) {
      case Event.Put(EndpointRecord endpoint) -> {
        endpoints.put(endpoint.key(), endpoint);
        endpoint.addresses().forEach(allocator::claim);
      }
      case Event.Reached(AttachmentKey key, Stage stage) ->
          endpoints.computeIfPresent(key, (_, endpoint) -> endpoint.at(stage));
      case Event.Gone(AttachmentKey key) -> {
        EndpointRecord endpoint = endpoints.remove(key);
        if (endpoint != null) {
          endpoint.addresses().forEach(allocator::free);
        }
      }
      case Event.FreedOrder(var addresses) -> allocator.restoreFreedOrder(addresses);
    }
  }

  @GuardedBy("lock")
  private void record(Event event) {
    journal.append(event);
    apply(event);
    if (journal.lengthBytes() > rewriteAtBytes) {
      rewrite();
    }
  }

  @GuardedBy("lock")
  private void rewrite() {
    List<Event> all = new ArrayList<>();
    all.add(new Event.FreedOrder(allocator.freedOrder()));
    endpoints.values().forEach(endpoint -> all.add(new Event.Put(endpoint)));
    try {
      journal.rewrite(all);
    } catch (UncheckedIOException e) {
      // The old file is whole and goes on growing.
      LOG.warn("The endpoint journal could not be made shorter; it stays as it is", e);
    }
    rewriteAtBytes = Math.max(REWRITE_FROM_BYTES, 4 * journal.lengthBytes());
  }

  /**
   * Allocates addresses and records the intent to add.
   *
   * @param draft the endpoint without addresses; none of its key may exist
   */
  public BeginResult begin(EndpointRecord draft, AddressDemand demand) {
    lock.lock();
    try {
      Check.that(
          !endpoints.containsKey(draft.key()), () -> draft.key() + " is begun a second time");
      AllocateResult result = allocator.allocate(demand);
      if (!(result instanceof AllocateResult.Allocated(var addresses))) {
        return new BeginResult.NoAddress(result);
      }
      EndpointRecord endpoint =
          new EndpointRecord(
              draft.key(),
              draft.network(),
              draft.namespace(),
              draft.pod(),
              draft.podUid(),
              draft.netnsPath(),
              addresses,
              draft.labels(),
              Stage.ADDING);
      try {
        record(new Event.Put(endpoint));
      } catch (UncheckedIOException e) {
        addresses.forEach(allocator::free);
        throw e;
      }
      return new BeginResult.Begun(endpoint);
    } finally {
      lock.unlock();
    }
  }

  /** Records that the endpoint is ready, or is being deleted. */
  public void reached(AttachmentKey key, Stage stage) {
    lock.lock();
    try {
      Check.that(endpoints.containsKey(key), () -> key + " is not in the journal");
      record(new Event.Reached(key, stage));
    } finally {
      lock.unlock();
    }
  }

  /** Records that nothing is left of the endpoint; its addresses are free. */
  public void gone(AttachmentKey key) {
    lock.lock();
    try {
      if (endpoints.containsKey(key)) {
        record(new Event.Gone(key));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Records an endpoint that was found in the kernel and in no journal. */
  public void adopt(EndpointRecord endpoint) {
    lock.lock();
    try {
      Check.that(
          !endpoints.containsKey(endpoint.key()), () -> endpoint.key() + " needs no adoption");
      record(new Event.Put(endpoint));
    } finally {
      lock.unlock();
    }
  }

  public Optional<EndpointRecord> endpoint(AttachmentKey key) {
    lock.lock();
    try {
      @Nullable EndpointRecord endpoint = endpoints.get(key);
      return Optional.ofNullable(endpoint);
    } finally {
      lock.unlock();
    }
  }

  /** All endpoints, ordered by key. */
  public List<EndpointRecord> endpoints() {
    lock.lock();
    try {
      return List.copyOf(endpoints.values());
    } finally {
      lock.unlock();
    }
  }

  /** The leased blocks, ascending. */
  public List<Block> blocks() {
    lock.lock();
    try {
      return allocator.blocks();
    } finally {
      lock.unlock();
    }
  }

  /** Adds a lease; on disk when this returns. One that is there already changes nothing. */
  public void addLease(Block block) {
    lock.lock();
    try {
      if (allocator.blocks().contains(block)) {
        return;
      }
      List<Block> all = new ArrayList<>(allocator.blocks());
      all.add(block);
      leases.write(all);
      allocator.addBlock(block);
    } finally {
      lock.unlock();
    }
  }

  /** Forgets a lease; addresses in use stay so. */
  public void removeLease(Cidr cidr) {
    lock.lock();
    try {
      List<Block> rest =
          allocator.blocks().stream().filter(block -> !block.cidr().equals(cidr)).toList();
      if (rest.size() < allocator.blocks().size()) {
        leases.write(rest);
        allocator.removeBlock(cidr);
      }
    } finally {
      lock.unlock();
    }
  }

  /** {@code true} if no endpoint has an address of the block. */
  public boolean isUnused(Cidr block) {
    lock.lock();
    try {
      return allocator.isUnused(block);
    } finally {
      lock.unlock();
    }
  }

  /** How many addresses are free in blocks of these pools. */
  public long freeCount(IpFamily family, Set<String> pools) {
    lock.lock();
    try {
      return allocator.freeCount(family, pools);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      journal.close();
    } finally {
      lock.unlock();
    }
  }
}
