package io.ocicat.controller.leases;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.controller.ClusterSide;
import io.ocicat.controller.DocumentStamp;
import io.ocicat.controller.Documents;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.IpPool;
import io.ocicat.model.Kinds;
import io.ocicat.selector.Labels;
import io.ocicat.store.Selection;
import io.ocicat.store.memory.MemoryStore;
import io.ocicat.sync.BlockAnswer;
import io.ocicat.sync.BlockRequest;
import io.ocicat.sync.ReleaseAnswer;
import io.ocicat.testkit.Gen;
import io.ocicat.testkit.Property;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LeasePropertyTest {

  private static final BlockRequest V4 = new BlockRequest(IpFamily.IPV4, List.of());
  private static final BlockRequest V6 = new BlockRequest(IpFamily.IPV6, List.of());

  private static LeaseDesk desk(MemoryStore store) {
    return new LeaseDesk(
        store,
        new DocumentStamp(InstantSource.system(), new SplittableRandom(1)),
        ClusterSide.Blocks.LEASED);
  }

  private static IpPool pool(String name, String cidr, String rest) {
    return IpPool.read(Documents.pool(name, cidr, rest));
  }

  private record Step(int node, boolean release, boolean otherDesk, boolean v6) {}

  private static final Gen<Step> STEP =
      draws -> new Step(draws.below(4), draws.oneIn(3), draws.oneIn(2), draws.oneIn(3));

  @Test
  void noBlockIsLeasedTwiceThoughTwoDesksKnowNothingOfEachOther() {
    Property.cases(300)
        .check(
            STEP.list(0, 40),
            steps -> {
              try (MemoryStore store = new MemoryStore()) {
                Documents.put(
                    store,
                    Documents.poolKey("v4"),
                    Documents.pool("v4", "10.0.0.0/28", ",\"blockSize\":30"));
                Documents.put(
                    store,
                    Documents.poolKey("v6"),
                    Documents.pool("v6", "fd00::/64", ",\"blockSize\":122"));
                List<LeaseDesk> desks = List.of(desk(store), desk(store));
                Map<Cidr, String> held = new HashMap<>();
                for (Step step : steps) {
                  take(step, desks.get(step.otherDesk ? 1 : 0), held);
                }
                assertThat(store.snapshot(Selection.of(Kinds.BLOCK_AFFINITY.name())).objects())
                    .hasSameSizeAs(held.keySet());
              }
            });
  }

  private static void take(Step step, LeaseDesk desk, Map<Cidr, String> held) {
    String node = "n" + step.node;
    if (step.release && !held.isEmpty()) {
      Cidr block = new TreeSet<>(held.keySet()).first();
      ReleaseAnswer expected =
          node.equals(held.get(block))
              ? new ReleaseAnswer.Released()
              : new ReleaseAnswer.NotLeased();
      assertThat(desk.release(node, block)).isEqualTo(expected);
      if (expected instanceof ReleaseAnswer.Released) {
        held.remove(block);
      }
      return;
    }
    switch (desk.request(node, step.v6 ? V6 : V4)) {
      case BlockAnswer.Leased(var block) -> {
        assertThat(held.keySet()).noneMatch(each -> each.overlaps(block.cidr()));
        held.put(block.cidr(), node);
      }
      case BlockAnswer.PoolExhausted(var pools) -> assertThat(pools).containsExactly("v4");
      case BlockAnswer other -> throw new AssertionError(other.toString());
    }
  }

  @Test
  void noBlockIsLeasedTwiceByDesksThatRunAtOnce() throws InterruptedException {
    try (MemoryStore store = new MemoryStore()) {
      Documents.put(store, Documents.poolKey("v4"), Documents.pool("v4", "10.0.0.0/20", ""));
      List<LeaseDesk> desks = List.of(desk(store), desk(store));
      List<BlockAnswer> answers = new CopyOnWriteArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int number = i;
        threads.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      for (int j = 0; j < 10; j++) {
                        answers.add(desks.get(number % 2).request("n" + number, V4));
                      }
                    }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      Set<Cidr> blocks = new HashSet<>();
      int refused = 0;
      for (BlockAnswer answer : answers) {
        if (answer instanceof BlockAnswer.Leased(var block)) {
          assertThat(blocks.add(block.cidr())).as("%s", block).isTrue();
        } else {
          refused++;
        }
      }
      assertThat(blocks).hasSize(64);
      assertThat(refused).isEqualTo(16);
    }
  }

  @Test
  void everyBlockOfAPoolIsFoundWhateverIsLeased() {
    IpPool pool = pool("p", "10.0.0.0/24", ",\"blockSize\":28");
    Gen<List<Integer>> taken = Gen.ints(0, 15).list(0, 16);
    Property.cases(500)
        .check(
            taken,
            numbers -> {
              TreeSet<Cidr> leased = new TreeSet<>();
              numbers.forEach(number -> leased.add(BlockSpace.of(pool).block(number)));
              Set<Cidr> expected = new HashSet<>();
              for (int i = 0; i < 16; i++) {
                expected.add(BlockSpace.of(pool).block(i));
              }
              expected.removeAll(leased);
              Set<Cidr> found = new HashSet<>();
              while (LeasePlanner.plan(V4, "n", Labels.EMPTY, List.of(pool), leased)
                  instanceof LeasePlanner.Plan.Lease(var block, _)) {
                found.add(block);
                leased.add(block);
              }
              assertThat(found).isEqualTo(expected);
            });
  }

  @Test
  void blocksOfAnotherSizeAreNotOverlapped() {
    IpPool pool = pool("p", "10.0.0.0/24", ",\"blockSize\":28");
    TreeSet<Cidr> leased = new TreeSet<>();
    leased.add(Cidr.parse("10.0.0.0/26"));
    leased.add(Cidr.parse("10.0.0.65/32"));
    leased.add(Cidr.parse("10.0.0.128/25"));
    List<String> found = new ArrayList<>();
    while (LeasePlanner.plan(V4, "n", Labels.EMPTY, List.of(pool), leased)
        instanceof LeasePlanner.Plan.Lease(var block, _)) {
      found.add(block.toString());
      leased.add(block);
    }
    assertThat(found).containsExactlyInAnyOrder("10.0.0.80/28", "10.0.0.96/28", "10.0.0.112/28");
  }

  @Test
  void refusalsSayWhichPoolsAndWhy() {
    TreeSet<Cidr> none = new TreeSet<>();
    IpPool disabled = pool("off", "10.1.0.0/24", ",\"disabled\":true");
    IpPool elsewhere = pool("east", "10.2.0.0/24", ",\"nodeSelector\":\"zone == 'east'\"");
    IpPool small = pool("small", "10.3.0.0/26", "");
    Labels west = Labels.of("zone", "west");
    assertThat(LeasePlanner.plan(V4, "n", west, List.of(), none))
        .isEqualTo(new LeasePlanner.Plan.NoPool(List.of()));
    assertThat(LeasePlanner.plan(V4, "n", west, List.of(elsewhere), none))
        .isEqualTo(new LeasePlanner.Plan.NoPool(List.of("east")));
    assertThat(LeasePlanner.plan(V4, "n", west, List.of(elsewhere, disabled), none))
        .isEqualTo(new LeasePlanner.Plan.Disabled(List.of("off")));
    TreeSet<Cidr> all = new TreeSet<>(List.of(Cidr.parse("10.3.0.0/26")));
    assertThat(LeasePlanner.plan(V4, "n", west, List.of(small, disabled, elsewhere), all))
        .isEqualTo(new LeasePlanner.Plan.Exhausted(List.of("small")));
    assertThat(LeasePlanner.plan(V6, "n", west, List.of(small), none))
        .isEqualTo(new LeasePlanner.Plan.NoPool(List.of()));
    assertThat(
            LeasePlanner.plan(
                new BlockRequest(IpFamily.IPV4, List.of("east")),
                "n",
                Labels.of("zone", "east"),
                List.of(small, elsewhere),
                none))
        .isInstanceOfSatisfying(
            LeasePlanner.Plan.Lease.class, lease -> assertThat(lease.pool()).isEqualTo("east"));
  }

  @Test
  void nodesBeginAtDifferentPlaces() {
    IpPool pool = pool("p", "10.0.0.0/16", "");
    Set<Cidr> first = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      if (LeasePlanner.plan(V4, "node-" + i, Labels.EMPTY, List.of(pool), new TreeSet<>())
          instanceof LeasePlanner.Plan.Lease(var block, _)) {
        first.add(block);
      }
    }
    assertThat(first).hasSizeGreaterThan(40);
  }
}
