package io.ocicat.bgp.rib;

import io.ocicat.bgp.policy.CompiledPolicy;
import io.ocicat.bgp.policy.RouteFacts;
import io.ocicat.bgp.policy.RouteSource;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.Family;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One UPDATE on its way in: checks once, policy once or for each prefix. */
final class ImportRound {
  private final RibPeer peer;
  private final AttributeTable sets;
  private final Map<Family, CompiledPolicy> importing = new HashMap<>();
  private @Nullable FamilyTable family;
  private boolean withdrawing;
  private @Nullable String refused;
  private @Nullable Attributes before;
  private boolean forEach;
  private int received;
  private long[] held = new long[4];
  private int[] outcomes = new int[4];
  private int known;

  ImportRound(RibPeer peer, AttributeTable sets) {
    this.peer = peer;
    this.sets = sets;
  }

  /** The neighbour has other policies from now on. */
  void policiesChanged() {
    importing.clear();
  }

  /** An announcement begins; its sets are kept until {@link #end}. */
  void begin(FamilyTable of, Attributes attributes) {
    family = of;
    withdrawing = false;
    known = 0;
    received = sets.take(attributes);
    refused = Importer.refusal(peer.traits(), attributes);
    if (refused == null) {
      before = Importer.beforePolicy(peer.traits(), attributes);
      forEach = policy(of).looksAtPrefix();
    }
  }

  void beginWithdrawals(FamilyTable of) {
    family = of;
    withdrawing = true;
    received = 0;
    known = 0;
  }

  void prefix(long high, long low, int length, int pathId) {
    FamilyTable of = table();
    PeerTally tally = peer.tally(of.number);
    if (withdrawing) {
      tally.withdrawals++;
      int net = of.prefixes.find(high, low, length);
      if (net != 0) {
        of.withdraw(peer, net, pathId);
      }
      return;
    }
    tally.updates++;
    int net = of.prefixes.findOrAdd(high, low, length);
    of.announce(peer, net, pathId, received, accepted(high, low, length));
  }

  /** The set after checks and policy for one prefix, which lives until {@link #end}; 0: refused. */
  int accepted(long high, long low, int length) {
    Attributes attributes = before;
    if (refused != null || attributes == null) {
      return 0;
    }
    if (!forEach && known > 0) {
      return outcomes[0];
    }
    FamilyTable of = table();
    CompiledPolicy policy = policy(of);
    long terms =
        policy.held(
            new RouteFacts(
                of.ip,
                high,
                low,
                length,
                attributes,
                peer.kind().internal() ? RouteSource.INTERNAL : RouteSource.EXTERNAL,
                !peer.kind().internal(),
                peer.device()));
    for (int i = 0; i < known; i++) {
      if (held[i] == terms) {
        return outcomes[i];
      }
    }
    int outcome = terms == CompiledPolicy.REJECTED ? 0 : sets.take(policy.apply(terms, attributes));
    if (known == held.length) {
      held = Arrays.copyOf(held, known * 2);
      outcomes = Arrays.copyOf(outcomes, known * 2);
    }
    held[known] = terms;
    outcomes[known++] = outcome;
    return outcome;
  }

  void end() {
    for (int i = 0; i < known; i++) {
      if (outcomes[i] != 0) {
        sets.release(outcomes[i]);
      }
    }
    known = 0;
    if (received != 0) {
      sets.release(received);
      received = 0;
    }
    before = null;
  }

  private FamilyTable table() {
    FamilyTable of = family;
    if (of == null) {
      throw new IllegalStateException("no UPDATE is being taken in");
    }
    return of;
  }

  private CompiledPolicy policy(FamilyTable of) {
    return importing.computeIfAbsent(
        of.family, f -> new CompiledPolicy(peer.traits().policies().importing(of.ip)));
  }
}
