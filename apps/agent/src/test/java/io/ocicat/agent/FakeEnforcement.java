package io.ocicat.agent;

import io.ocicat.agent.node.Enforcement;
import io.ocicat.inet.IpAddress;
import io.ocicat.nft.Drift;
import io.ocicat.nft.NftInspection;
import io.ocicat.nftables.NftTable;
import io.ocicat.plan.NodePlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;

/** A kernel that takes what it is given, unless a test has it refuse or wait. */
public final class FakeEnforcement implements Enforcement {

  public final List<NftTable> tables = new CopyOnWriteArrayList<>();
  public final List<NodePlan> plans = new CopyOnWriteArrayList<>();
  public final Queue<RuntimeException> refusals = new ConcurrentLinkedQueue<>();
  public final Queue<Repair> repairs = new ConcurrentLinkedQueue<>();

  /** What inspections find. */
  public final List<Drift> differences = new CopyOnWriteArrayList<>();

  /** Taken by every transaction; drained by a test that wants to hold them back. */
  public final Semaphore gate = new Semaphore(1_000_000);

  @Override
  public void enforce(NftTable table) {
    gate.acquireUninterruptibly();
    RuntimeException refusal = refusals.poll();
    if (refusal != null) {
      throw refusal;
    }
    tables.add(table);
  }

  @Override
  public Repair enforce(NodePlan plan) {
    plans.add(plan);
    return new Repair(Map.of(), List.of());
  }

  /** Addresses of interfaces. */
  public final Map<String, Set<IpAddress>> interfaces = new ConcurrentHashMap<>();

  @Override
  public Map<String, Set<IpAddress>> interfaces() {
    return Map.copyOf(interfaces);
  }

  @Override
  public NftInspection inspect(NftTable table) {
    return new NftInspection(List.copyOf(differences), Optional.empty());
  }

  @Override
  public Repair repair(NodePlan plan) {
    Repair repair = repairs.poll();
    return repair == null ? new Repair(Map.of(), List.of()) : repair;
  }
}
