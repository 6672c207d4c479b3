package io.ocicat.links;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ocicat.inet.IpAddress;
import io.ocicat.libc.NetNamespace;
import io.ocicat.plan.DesiredRoute;
import io.ocicat.plan.PodLink;
import io.ocicat.plan.RoutePlanner;
import io.ocicat.plan.Sysctl;
import io.ocicat.rtnetlink.AddressCodec;
import io.ocicat.rtnetlink.AddressMessage;
import io.ocicat.rtnetlink.LinkCodec;
import io.ocicat.rtnetlink.LinkMessage;
import io.ocicat.rtnetlink.LinkSettings;
import io.ocicat.rtnetlink.LinuxIfAddr;
import io.ocicat.rtnetlink.RouteMessage;
import io.ocicat.rtnetlink.Rtnetlink;
import io.ocicat.state.FaultPoints;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Wires pods between namespaces of this test's own. */
@Timeout(60)
class PodWiringIT {

  private static final List<IpAddress> ADDRESSES =
      List.of(IpAddress.parse("10.1.0.5"), IpAddress.parse("fd00:1::5"));

  @TempDir Path directory;

  private final List<String> names = new ArrayList<>();
  private NetNamespace node;
  private PodWiring wiring;
  private Rtnetlink rtnetlink;

  @BeforeEach
  void openNode() {
    node = NetNamespace.create();
    wiring = node.call(() -> PodWiring.open(new ProcSysctls(), FaultPoints.NONE));
    rtnetlink = Rtnetlink.openIn(node);
  }

  @AfterEach
  void closeAll() {
    rtnetlink.close();
    wiring.close();
    node.close();
    names.forEach(name -> NetNamespace.deleteNamed(directory, name));
  }

  private Path pod(String name) {
    NetNamespace.createNamed(directory, name).close();
    names.add(name);
    return directory.resolve(name);
  }

  private WireRequest request(Path netns, String containerId, List<IpAddress> addresses) {
    return new WireRequest(PodLink.of(containerId, "eth0", "shop", "cart", addresses), netns, 1400);
  }

  private WireResult wire(WireRequest request) {
    return node.call(() -> wiring.wire(request));
  }

  @Test
  void givesThePodAddressesRoutesAndAnEchoFromTheNode() throws Exception {
    Path netns = pod("pod");
    WireRequest request = request(netns, "c1", ADDRESSES);
    assertThat(wire(request)).isInstanceOf(WireResult.Wired.class);

    assertThat(wiring.check(request)).isEmpty();
    LinkMessage host = rtnetlink.link(request.link().hostInterface()).orElseThrow();
    assertThat(host.alias()).isEqualTo("ocicat:shop/cart/c1/eth0");
    assertThat(host.mtuBytes()).isEqualTo(1400);
    assertThat(host.address()).isEqualTo(PodWiring.HOST_MAC);
    assertThat(rtnetlink.addresses(host.index()))
        .singleElement()
        .satisfies(address -> assertThat(address.local()).isEqualTo(PodWiring.GATEWAY_V6))
        .satisfies(address -> assertNotTentative(address));
    assertThat(rtnetlink.routes(DesiredRoute.PROTOCOL))
        .extracting(RouteMessage::destination)
        .containsExactlyInAnyOrderElementsOf(
            ADDRESSES.stream().map(IpAddress::toHostCidr).toList());
    try (NetNamespace namespace = NetNamespace.open(netns);
        Rtnetlink inside = Rtnetlink.openIn(namespace)) {
      LinkMessage eth0 = inside.link("eth0").orElseThrow();
      assertThat(eth0.address()).isEqualTo(request.podMac());
      assertThat(inside.link("lo").orElseThrow().isUp()).isTrue();
      assertThat(inside.addresses(eth0.index()))
          .extracting(AddressMessage::local)
          .containsExactlyInAnyOrder(
              ADDRESSES.get(0), ADDRESSES.get(1), request.podMac().toLinkLocal());
      inside.addresses(eth0.index()).forEach(PodWiringIT::assertNotTentative);
    }
    giveTheNodeAddresses();
    for (IpAddress address : ADDRESSES) {
      assertThat(echo(netns, address)).as(address.toString()).isEqualTo("hello");
    }
  }

  private static void assertNotTentative(AddressMessage address) {
    assertThat(address.flags() & LinuxIfAddr.IFA_F_TENTATIVE).isZero();
  }

  private void giveTheNodeAddresses() {
    rtnetlink.execute(LinkCodec.setLink(1, LinkSettings.NONE.up()));
    for (String address : List.of("192.0.2.1", "2001:db8::1")) {
      IpAddress own = IpAddress.parse(address);
      rtnetlink.execute(AddressCodec.newAddress(AddressMessage.of(own, own.family().bits(), 1)));
    }
  }

  /** Sends a datagram from the node to a socket in the pod, which sends it back. */
  private String echo(Path netns, IpAddress address) throws IOException {
    try (NetNamespace pod = NetNamespace.open(netns);
        DatagramSocket inside =
            pod.<DatagramSocket, IOException>call(
                () -> new DatagramSocket(new InetSocketAddress(address.toInetAddress(), 7)));
        DatagramSocket outside = node.<DatagramSocket, IOException>call(DatagramSocket::new)) {
      inside.setSoTimeout(5000);
      outside.setSoTimeout(5000);
      byte[] hello = "hello".getBytes(StandardCharsets.US_ASCII);
      outside.send(
          new DatagramPacket(
              hello, hello.length, new InetSocketAddress(address.toInetAddress(), 7)));
      DatagramPacket received = new DatagramPacket(new byte[16], 16);
      inside.receive(received);
      inside.send(received);
      DatagramPacket back = new DatagramPacket(new byte[16], 16);
      outside.receive(back);
      return new String(back.getData(), 0, back.getLength(), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void setsTheNodesEndToForwardAndToCheckSources() throws Exception {
    WireRequest request = request(pod("pod"), "c1", ADDRESSES);
    wire(request);
    List<Sysctl> expected =
        RoutePlanner.linkSysctls(request.link()).stream()
            // Follows the node's, which the reconciler sets.
            .filter(sysctl -> !sysctl.path().startsWith("net/ipv6") || sysctl.value().equals("0"))
            .toList();
    assertThat(expected).hasSize(4);
    for (Sysctl sysctl : expected) {
      String value =
          node.<String, IOException>call(() -> new ProcSysctls().read(sysctl.path()).orElseThrow());
      assertThat(value).as(sysctl.path()).isEqualTo(sysctl.value());
    }
  }

  @Test
  void wiresAPodOfOneFamily() {
    for (IpAddress address : ADDRESSES) {
      String name = "pod" + address.family();
      WireRequest request = request(pod(name), name, List.of(address));
      assertThat(wire(request)).isInstanceOf(WireResult.Wired.class);
      assertThat(wiring.check(request)).isEmpty();
    }
  }

  @Test
  void enablesIpv6InAPodThatHasItSwitchedOff() throws Exception {
    Path netns = pod("pod");
    try (NetNamespace namespace = NetNamespace.open(netns)) {
      namespace.<String, IOException>call(
          () ->
              Files.writeString(Path.of("/proc/sys/net/ipv6/conf/all/disable_ipv6"), "1")
                  .toString());
      namespace.<String, IOException>call(
          () ->
              Files.writeString(Path.of("/proc/sys/net/ipv6/conf/default/disable_ipv6"), "1")
                  .toString());
    }
    WireRequest request = request(netns, "c1", ADDRESSES);
    assertThat(wire(request)).isInstanceOf(WireResult.Wired.class);
    assertThat(wiring.check(request)).isEmpty();
  }

  @Test
  void saysThatTheNamespaceIsGone() throws Exception {
    assertThat(wire(request(directory.resolve("none"), "c1", ADDRESSES)))
        .isInstanceOf(WireResult.NamespaceGone.class);
    Path unmounted = Files.createFile(directory.resolve("unmounted"));
    assertThat(wire(request(unmounted, "c1", ADDRESSES)))
        .isInstanceOf(WireResult.NamespaceGone.class);
    assertThat(rtnetlink.links()).hasSize(1);
  }

  @Test
  void leavesAnInterfaceAloneThatThePodHasAlready() {
    Path netns = pod("pod");
    assertThat(wire(request(netns, "c1", ADDRESSES))).isInstanceOf(WireResult.Wired.class);
    assertThat(wire(request(netns, "c2", List.of(IpAddress.parse("10.1.0.6")))))
        .isInstanceOf(WireResult.InterfaceTaken.class);
    assertThat(wiring.check(request(netns, "c1", ADDRESSES))).isEmpty();
    assertThat(wiring.wired()).extracting(OwnLink::containerId).containsExactly("c1");
  }

  @Test
  void replacesWhatAnInterruptedAttemptLeft() {
    Path netns = pod("pod");
    WireRequest request = request(netns, "c1", ADDRESSES);
    wire(request);
    assertThat(wire(request)).isInstanceOf(WireResult.Wired.class);
    assertThat(wiring.check(request)).isEmpty();
  }

  @Test
  void recoversFromDeathAtEachPoint() {
    for (String point : PodWiring.WIRE_FAULT_POINTS) {
      Path netns = pod(point);
      WireRequest request = request(netns, point, ADDRESSES);
      FaultPoints dying =
          name -> {
            if (name.equals(point)) {
              throw new IllegalStateException("dead at " + point);
            }
          };
      try (PodWiring doomed = node.call(() -> PodWiring.open(new ProcSysctls(), dying))) {
        assertThatThrownBy(() -> node.call(() -> doomed.wire(request)))
            .hasMessage("dead at " + point);
      }
      // What is left is known as ours, can be removed, and is no obstacle.
      assertThat(wiring.wired()).hasSize(point.equals("wire-entered") ? 0 : 1);
      assertThat(wire(request)).as(point).isInstanceOf(WireResult.Wired.class);
      assertThat(wiring.check(request)).isEmpty();
      wiring.unwire(List.of(request.link().hostInterface()));
      assertThat(rtnetlink.links()).hasSize(1);
    }
  }

  @Test
  void undoesEverythingWhenTheLastStepFails() {
    Path netns = pod("pod");
    wire(request(netns, "c1", ADDRESSES));
    Path second = pod("pod2");
    // The same address again: the node's route to it exists.
    assertThatThrownBy(() -> wire(request(second, "c2", ADDRESSES)))
        .isInstanceOf(WiringException.class)
        .hasMessageContaining("set up the node's end")
        .hasMessageContaining("add route 10.1.0.5/32")
        .hasMessageContaining("EEXIST");
    assertThat(wiring.wired()).hasSize(1);
    try (NetNamespace namespace = NetNamespace.open(second);
        Rtnetlink inside = Rtnetlink.openIn(namespace)) {
      assertThat(inside.link("eth0")).isEmpty();
    }
    assertThat(wiring.check(request(netns, "c1", ADDRESSES))).isEmpty();
  }

  @Test
  void tellsEachThingThatIsNotAsItWasMade() {
    Path netns = pod("pod");
    WireRequest request = request(netns, "c1", ADDRESSES);
    wire(request);
    int host = rtnetlink.link(request.link().hostInterface()).orElseThrow().index();
    rtnetlink.execute(LinkCodec.setLink(host, LinkSettings.NONE.down()));
    assertThat(wiring.check(request))
        .contains(
            "the node's link %s is down".formatted(request.link().hostInterface()),
            "the node has no route to 10.1.0.5 on " + request.link().hostInterface());
    wiring.unwire(List.of(request.link().hostInterface()));
    assertThat(wiring.check(request))
        .containsExactly(
            "the node has no link " + request.link().hostInterface(),
            "the pod has no interface eth0");
  }

  @Test
  void removesTwiceWithoutComplaint() {
    WireRequest request = request(pod("pod"), "c1", ADDRESSES);
    wire(request);
    wiring.unwire(List.of(request.link().hostInterface()));
    wiring.unwire(List.of(request.link().hostInterface()));
    assertThat(wiring.wired()).isEmpty();
    assertThat(rtnetlink.routes(DesiredRoute.PROTOCOL)).isEmpty();
  }

  @Test
  void wiresAndUnwiresManyAtOnce() throws Exception {
    List<WireRequest> requests = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      requests.add(
          request(
              pod("p" + i), "c" + i, List.of(ADDRESSES.get(0).plus(i), ADDRESSES.get(1).plus(i))));
    }
    inParallel(requests, request -> assertThat(wire(request)).isInstanceOf(WireResult.Wired.class));
    assertThat(wiring.wired()).hasSize(20);
    requests.forEach(request -> assertThat(wiring.check(request)).isEmpty());
    inParallel(requests, request -> wiring.unwire(List.of(request.link().hostInterface())));
    assertThat(wiring.wired()).isEmpty();
  }

  private static void inParallel(List<WireRequest> requests, Consumer<WireRequest> work)
      throws InterruptedException {
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads =
        requests.stream()
            .map(
                request ->
                    Thread.ofPlatform()
                        .uncaughtExceptionHandler((_, e) -> failures.add(e))
                        .start(() -> work.accept(request)))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
  }

  @Test
  void takesTheMtuOfTheLinkWithTheNodesAddress() {
    rtnetlink.execute(
        LinkCodec.newLink("bridge", new LinkCodec.NamedLink("br0", LinkSettings.NONE.mtu(9000))));
    int index = rtnetlink.link("br0").orElseThrow().index();
    rtnetlink.execute(LinkCodec.setLink(index, LinkSettings.NONE.up()));
    IpAddress own = IpAddress.parse("192.0.2.1");
    rtnetlink.execute(AddressCodec.newAddress(AddressMessage.of(own, 24, index)));
    assertThat(UnderlayMtu.bytes(rtnetlink, List.of(own))).isEqualTo(9000);
    assertThat(UnderlayMtu.bytes(rtnetlink, List.of())).isEqualTo(1500);
  }
}
