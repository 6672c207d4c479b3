package io.ocicat.fib;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgp.rib.Reachability;
import io.ocicat.bgp.rib.RouteChange;
import io.ocicat.bgp.rib.UsedPath;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.Family;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.libc.NetNamespace;
import io.ocicat.rtnetlink.AddressCodec;
import io.ocicat.rtnetlink.AddressMessage;
import io.ocicat.rtnetlink.LinkCodec;
import io.ocicat.rtnetlink.LinkSettings;
import io.ocicat.rtnetlink.RouteCodec;
import io.ocicat.rtnetlink.RouteMessage;
import io.ocicat.rtnetlink.Rtnetlink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Routes of a speaker in a kernel, in a namespace of their own. */
@Timeout(120)
class FibIT {

  private static final Cidr PREFIX = Cidr.parse("10.9.0.0/24");
  private static final IpAddress LEFT = IpAddress.parse("192.0.2.2");
  private static final IpAddress RIGHT = IpAddress.parse("198.51.100.2");

  private NetNamespace namespace;
  private Rtnetlink kernel;
  private Fib fib;
  private int left;
  private int right;

  @BeforeEach
  void openNamespace() {
    namespace = NetNamespace.create();
    kernel = Rtnetlink.openIn(namespace);
    left = link("left", "192.0.2.1", 24);
    right = link("right", "198.51.100.1", 24);
    address("2001:db8::1", 64, left);
    address("2001:db8:1::1", 64, right);
    fib = open(FibSettings.DEFAULT);
  }

  @AfterEach
  void closeNamespace() {
    fib.close();
    kernel.close();
    namespace.close();
  }

  private Fib open(FibSettings settings) {
    return namespace.call(() -> Fib.open(settings));
  }

  private int link(String name, String address, int length) {
    pair(name);
    int index = kernel.link(name).orElseThrow().index();
    address(address, length, index);
    return index;
  }

  private void pair(String name) {
    kernel.execute(
        LinkCodec.newVeth(
            new LinkCodec.NamedLink(name, LinkSettings.NONE),
            new LinkCodec.NamedLink(name + "-far", LinkSettings.NONE),
            namespace.fd()));
    set(name + "-far", true);
    set(name, true);
  }

  private void address(String address, int length, int index) {
    kernel.execute(
        AddressCodec.newAddress(AddressMessage.of(IpAddress.parse(address), length, index)));
  }

  private static RouteChange change(Cidr prefix, IpAddress... nextHops) {
    return new RouteChange(
        Family.unicast(prefix.family()),
        prefix,
        Arrays.stream(nextHops)
            .map(
                hop ->
                    new UsedPath("peer", "left", true, Attributes.builder().nextHop(hop).build()))
            .toList());
  }

  private void wants(Cidr prefix, IpAddress... nextHops) {
    fib.changed(List.of(change(prefix, nextHops)));
  }

  private List<String> routes() {
    return kernel.routes(FibSettings.PROTOCOL).stream().map(RouteMessage::describe).toList();
  }

  private void awaitRoutes(String... expected) {
    await(
        () ->
            routes().stream().sorted().toList().equals(Arrays.stream(expected).sorted().toList()));
    assertThat(routes()).containsExactlyInAnyOrder(expected);
  }

  private static void await(BooleanSupplier condition) {
    long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < until) {
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void set(String link, boolean up) {
    kernel.execute(LinkCodec.setLink(link, up ? LinkSettings.NONE.up() : LinkSettings.NONE.down()));
  }

  @Test
  void spreadsAPrefixOverTwoGatewaysAndTakesItBack() {
    wants(PREFIX, LEFT, RIGHT);
    awaitRoutes(
        "10.9.0.0/24 via 192.0.2.2 on link %d via 198.51.100.2 on link %d".formatted(left, right));
    wants(PREFIX, RIGHT);
    awaitRoutes("10.9.0.0/24 via 198.51.100.2 on link %d".formatted(right));
    wants(PREFIX);
    awaitRoutes();
    Cidr six = Cidr.parse("2001:db8:9::/48");
    wants(six, IpAddress.parse("2001:db8::2"), IpAddress.parse("2001:db8:1::2"));
    awaitRoutes(
        "2001:db8:9::/48 via 2001:db8::2 on link %d via 2001:db8:1::2 on link %d"
            .formatted(left, right));
    wants(six, IpAddress.parse("2001:db8::2"));
    awaitRoutes("2001:db8:9::/48 via 2001:db8::2 on link " + left);
    wants(six);
    awaitRoutes();
  }

  @Test
  void leadsIpv4OverIpv6NextHops() {
    wants(PREFIX, IpAddress.parse("fe80::2"));
    awaitRoutes("10.9.0.0/24 via fe80::2 on link " + left);
    wants(PREFIX, IpAddress.parse("2001:db8:1::2"));
    awaitRoutes("10.9.0.0/24 via 2001:db8:1::2 on link " + right);
  }

  @Test
  void setsMetricAndSourceInATableOfItsOwn() {
    fib.close();
    fib =
        open(
            FibSettings.DEFAULT
                .table(1079)
                .metric(PREFIX.family(), 77)
                .source(IpAddress.parse("192.0.2.1")));
    wants(PREFIX, LEFT);
    awaitRoutes("10.9.0.0/24 via 192.0.2.2 on link " + left);
    RouteMessage route = kernel.routes(FibSettings.PROTOCOL).getFirst();
    assertThat(route.table()).isEqualTo(1079);
    assertThat(route.priority()).isEqualTo(77);
    assertThat(route.source()).isEqualTo(IpAddress.parse("192.0.2.1"));
    fib.apply(FibSettings.DEFAULT.table(1079).metric(PREFIX.family(), 78));
    fib.inSync();
    await(
        () ->
            kernel.routes(FibSettings.PROTOCOL).stream()
                .map(RouteMessage::priority)
                .toList()
                .equals(List.of(78)));
    assertThat(kernel.routes(FibSettings.PROTOCOL))
        .extracting(RouteMessage::priority)
        .containsExactly(78);
  }

  @Test
  void movesRoutesFromALinkThatIsCutAndPutsThemBackWhenItReturns() {
    Map<IpAddress, Reachability> told = new ConcurrentHashMap<>();
    assertThat(fib.watch(LEFT)).isEqualTo(Reachability.CONNECTED);
    fib.tell(told::put);
    wants(PREFIX, LEFT, RIGHT);
    String both =
        "10.9.0.0/24 via 192.0.2.2 on link %d via 198.51.100.2 on link %d".formatted(left, right);
    awaitRoutes(both);
    set("left", false);
    awaitRoutes("10.9.0.0/24 via 198.51.100.2 on link %d".formatted(right));
    await(() -> Reachability.UNREACHABLE.equals(told.get(LEFT)));
    assertThat(told).containsEntry(LEFT, Reachability.UNREACHABLE);
    set("right", false);
    awaitRoutes();
    await(() -> fib.view().waiting() == 1);
    assertThat(fib.view().waiting()).isEqualTo(1);
    set("left", true);
    set("right", true);
    awaitRoutes(both);
    await(() -> Reachability.CONNECTED.equals(told.get(LEFT)));
    assertThat(told).containsEntry(LEFT, Reachability.CONNECTED);
  }

  @Test
  void findsNextHopsBehindOtherRouters() {
    IpAddress far = IpAddress.parse("203.0.113.7");
    Map<IpAddress, Reachability> told = new ConcurrentHashMap<>();
    assertThat(fib.watch(far)).isEqualTo(Reachability.UNREACHABLE);
    fib.tell(told::put);
    wants(PREFIX, far);
    RouteMessage way = RouteMessage.via(Cidr.parse("203.0.113.0/24"), RIGHT, right, 4);
    kernel.execute(RouteCodec.newRoute(way));
    awaitRoutes("10.9.0.0/24 via 198.51.100.2 on link " + right);
    assertThat(told).containsEntry(far, new Reachability(true, 0));
    kernel.execute(RouteCodec.delRoute(way));
    awaitRoutes();
    assertThat(told).containsEntry(far, Reachability.UNREACHABLE);
  }

  @Test
  void keepsRoutesOfAnEarlierRunUntilAllIsTold() {
    Cidr other = Cidr.parse("10.10.0.0/24");
    wants(PREFIX, LEFT);
    wants(other, LEFT);
    String kept = "10.9.0.0/24 via 192.0.2.2 on link " + left;
    String stale = "10.10.0.0/24 via 192.0.2.2 on link " + left;
    awaitRoutes(kept, stale);
    fib.close();
    assertThat(routes()).hasSize(2);
    fib = open(FibSettings.DEFAULT);
    assertThat(fib.adopted()).isEqualTo(2);
    assertThat(fib.view().stale()).isEqualTo(2);
    wants(PREFIX, LEFT);
    await(() -> fib.view().stale() == 1 && fib.view().waiting() == 0);
    assertThat(routes()).containsExactlyInAnyOrder(kept, stale);
    fib.inSync();
    awaitRoutes(kept);
    fib.withdrawAll(Duration.ofSeconds(5));
    assertThat(routes()).isEmpty();
  }

  @Test
  void putsBackWhatOthersRemoveAndLeavesTheirs() {
    wants(PREFIX, LEFT);
    String ours = "10.9.0.0/24 via 192.0.2.2 on link " + left;
    awaitRoutes(ours);
    kernel.execute(RouteCodec.delRoute(kernel.routes(FibSettings.PROTOCOL).getFirst()));
    awaitRoutes(ours);
    assertThat(fib.view().drift()).isEqualTo(1);

    Cidr theirs = Cidr.parse("10.11.0.0/24");
    RouteMessage blackhole = RouteMessage.blackhole(theirs, 1024, 4);
    kernel.execute(RouteCodec.newRoute(blackhole));
    await(() -> fib.view().refusals() == 0);
    wants(theirs, LEFT);
    await(() -> fib.view().refusals() > 0);
    assertThat(fib.view().lastFailures().getLast()).contains("10.11.0.0/24").contains("protocol 4");
    assertThat(kernel.routes(4)).hasSize(1);
    kernel.execute(RouteCodec.delRoute(blackhole));
    awaitRoutes(ours, "10.11.0.0/24 via 192.0.2.2 on link " + left);
  }

  @Test
  void letsOthersChangeLinksAndRoutesWhileManyRoutesGoIn() throws InterruptedException {
    int routes = 100_000;
    long before = System.nanoTime();
    for (int i = 0; i < routes; i += 256) {
      List<RouteChange> batch = new ArrayList<>();
      for (int j = i; j < Math.min(routes, i + 256); j++) {
        Cidr prefix = Cidr.parse("%d.%d.%d.0/24".formatted(20 + j / 65536, j / 256 % 256, j % 256));
        batch.add(change(prefix, LEFT, RIGHT));
      }
      fib.changed(batch);
    }
    List<Long> latenciesMicros = new ArrayList<>();
    while (fib.view().waiting() > 0 && System.nanoTime() - before < 60_000_000_000L) {
      long start = System.nanoTime();
      pair("pod");
      kernel.execute(LinkCodec.delLink("pod"));
      latenciesMicros.add((System.nanoTime() - start) / 1000);
      Thread.sleep(5);
    }
    long millis = (System.nanoTime() - before) / 1_000_000;
    latenciesMicros.sort(null);
    assertThat(fib.view().installed()).isEqualTo(routes);
    assertThat(millis).as("milliseconds").isLessThan(60_000);
    assertThat(latenciesMicros).as("changes meanwhile").hasSizeGreaterThan(3);
    assertThat(latenciesMicros.get(latenciesMicros.size() * 9 / 10))
        .as("microseconds of nine of ten of %d changes of links", latenciesMicros.size())
        .isLessThan(500_000);
    fib.withdrawAll(Duration.ofSeconds(60));
    assertThat(routes()).isEmpty();
  }
}
