package io.ocicat.bgp.rib;

import io.ocicat.bgp.decision.DecisionStep;
import io.ocicat.bgp.policy.Evaluation;
import io.ocicat.bgp.policy.RouteFacts;
import io.ocicat.bgp.policy.RouteSource;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.Family;
import io.ocicat.inet.Cidr;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tables as people ask for them; on the loop thread. */
public final class RibView {
  private final Rib rib;

  RibView(Rib rib) {
    this.rib = rib;
  }

  /** Every accepted path of every prefix (Loc-RIB and what stands behind it). */
  public RouteCursor routes(Family family) {
    return new Cursor(
        family,
        (table, net, rows) -> {
          for (int path = table.first(net); path != 0; path = table.next(path)) {
            if (table.accepted(path) != 0) {
              rows.add(row(table, path, table.accepted(path)));
            }
          }
        });
  }

  /** What a neighbour sent (Adj-RIB-In), as received, also what was refused. */
  public RouteCursor received(String peer, Family family) {
    RibPeer of = rib.peers().named(peer);
    return new Cursor(
        family,
        (table, net, rows) -> {
          for (int path = table.first(net); of != null && path != 0; path = table.next(path)) {
            if (table.owner(path) == of.index()) {
              rows.add(row(table, path, table.received(path)));
            }
          }
        });
  }

  /** What a neighbour is told (Adj-RIB-Out), as sent. */
  public RouteCursor advertised(String peer, Family family) {
    return new Cursor(
        family,
        (table, net, rows) -> {
          RibPeer of = rib.peers().named(peer);
          UpdateGroup group = of == null ? null : of.group();
          GroupFamily sent = group == null ? null : group.family(family);
          if (of != null && sent != null) {
            sent.advertised(net, of.index(), rows);
          }
        });
  }

  /** Why a prefix is routed as it is. */
  public Explanation explain(Cidr prefix) {
    FamilyTable table = rib.table(Rib.family(prefix));
    int net = table == null ? 0 : Rib.net(table, prefix);
    if (table == null || net == 0) {
      return new Explanation(prefix, List.of(), List.of());
    }
    List<Explanation.Export> exports = new ArrayList<>();
    for (RibPeer peer : rib.peers().all()) {
      UpdateGroup group = peer.group();
      GroupFamily family = group == null ? null : group.family(table.family);
      if (family != null) {
        exports.add(family.explain(net, peer));
      }
    }
    exports.sort(Comparator.comparing(Explanation.Export::peer));
    return new Explanation(prefix, paths(table, net), exports);
  }

  private List<Explanation.Path> paths(FamilyTable table, int net) {
    int[] accepted = new int[table.pathCount(net)];
    int count = 0;
    for (int path = table.first(net); path != 0; path = table.next(path)) {
      if (table.accepted(path) != 0) {
        accepted[count++] = path;
      }
    }
    @Nullable DecisionStep[] steps = table.explain(net, accepted, count);
    List<Explanation.Path> paths = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      paths.add(
          new Explanation.Path(
              row(table, accepted[i], table.received(accepted[i])),
              Optional.of(rib.attributes().set(table.accepted(accepted[i]))),
              importedBy(table, net, accepted[i]),
              Optional.ofNullable(steps[i])));
    }
    for (int path = table.first(net); path != 0; path = table.next(path)) {
      if (table.accepted(path) == 0) {
        paths.add(
            new Explanation.Path(
                row(table, path, table.received(path)),
                Optional.empty(),
                importedBy(table, net, path),
                Optional.empty()));
      }
    }
    paths.sort(
        Comparator.comparing((Explanation.Path path) -> !path.route().best())
            .thenComparing(path -> path.used().isEmpty())
            .thenComparing(
                path -> path.step().orElse(DecisionStep.NEXT_HOP_REACHABLE),
                Comparator.reverseOrder()));
    return paths;
  }

  private String importedBy(FamilyTable table, int net, int path) {
    RibPeer owner = rib.peers().at(table.owner(path));
    if (owner.index() == 0) {
      return "originated here";
    }
    Attributes received = rib.attributes().set(table.received(path));
    String refused = Importer.refusal(owner.traits(), received);
    if (refused != null) {
      return refused;
    }
    Evaluation evaluation =
        owner
            .traits()
            .policies()
            .importing(table.ip)
            .evaluate(
                RouteFacts.of(
                    table.prefixes.prefix(net),
                    Importer.beforePolicy(owner.traits(), received),
                    owner.kind().internal() ? RouteSource.INTERNAL : RouteSource.EXTERNAL,
                    !owner.kind().internal(),
                    owner.device()));
    return evaluation.decidedBy();
  }

  private RouteRow row(FamilyTable table, int path, int set) {
    RibPeer owner = rib.peers().at(table.owner(path));
    return new RouteRow(
        table.prefixes.prefix(table.net(path)),
        owner.name(),
        Integer.toUnsignedLong(table.pathId(path)),
        rib.attributes().set(set),
        table.accepted(path) != 0,
        table.best(table.net(path)) == path,
        table.stale(path));
  }

  private interface Rows {
    void add(FamilyTable table, int net, List<RouteRow> rows);
  }

  private final class Cursor implements RouteCursor {
    private final @Nullable FamilyTable table;
    private final Rows rows;
    private int net = 1;

    Cursor(Family family, Rows rows) {
      this.table = rib.table(family);
      this.rows = rows;
    }

    @Override
    public List<RouteRow> next(int prefixes) {
      List<RouteRow> portion = new ArrayList<>();
      FamilyTable of = table;
      if (of != null) {
        int end = Math.min(of.prefixes.limit(), net + prefixes);
        for (; net < end; net++) {
          if (of.prefixes.used(net)) {
            rows.add(of, net, portion);
          }
        }
      }
      return portion;
    }

    @Override
    public boolean atEnd() {
      FamilyTable of = table;
      return of == null || net >= of.prefixes.limit();
    }
  }
}
