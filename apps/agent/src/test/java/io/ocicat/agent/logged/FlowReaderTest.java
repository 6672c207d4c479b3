package io.ocicat.agent.logged;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.agent.logged.SeenFlows.Flow;
import io.ocicat.agent.logged.SeenFlows.Seen;
import io.ocicat.inet.IpAddress;
import io.ocicat.nftables.log.LoggedPacket;
import io.ocicat.nftables.log.NfLog.Received;
import io.ocicat.nftables.log.PacketHeader;
import io.ocicat.nftables.log.PacketHeader.Upper;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class FlowReaderTest {

  private static final IpAddress WEB = IpAddress.parse("10.0.0.1");
  private static final IpAddress DB = IpAddress.parse("10.0.0.2");

  private static LoggedPacket packet(String key, int sourcePort, int port) {
    return new LoggedPacket(
        key,
        new LoggedPacket.Interfaces(1, 2),
        Optional.of(new PacketHeader(WEB, DB, 6, new Upper.Ports(sourcePort, port))));
  }

  private static Received packets(LoggedPacket... packets) {
    return new Received.Packets(List.of(packets));
  }

  @Test
  void countsWhatDiffersInSourcePortAloneTogether() {
    FlowCounter counter = new FlowCounter();
    assertThat(counter.isEmpty()).isTrue();
    counter.add(packets(packet("a", 1000, 80), packet("a", 1001, 80)), 5);
    counter.add(packets(packet("b", 1000, 80), packet("a", 1002, 443), packet("a", 7, 80)), 6);
    assertThat(counter.take())
        .isEqualTo(
            new SeenFlows(
                List.of(
                    new Seen("a", new Flow(WEB, DB, 6, 80), 3, 6),
                    new Seen("b", new Flow(WEB, DB, 6, 80), 1, 6),
                    new Seen("a", new Flow(WEB, DB, 6, 443), 1, 6)),
                0));
    assertThat(counter.isEmpty()).isTrue();
    assertThat(counter.take()).isEqualTo(new SeenFlows(List.of(), 0));
  }

  @Test
  void ofAFloodItKeepsABoundedNumberAndCountsTheRest() {
    FlowCounter counter = new FlowCounter();
    for (int port = 1; port <= FlowCounter.MOST_FLOWS + 10; port++) {
      counter.add(packets(packet("a", 1, port)), 1);
    }
    counter.add(packets(packet("a", 2, 1)), 1);
    counter.add(new Received.Lost(), 1);
    counter.add(
        packets(new LoggedPacket("a", new LoggedPacket.Interfaces(0, 0), Optional.empty())), 1);
    SeenFlows seen = counter.take();
    assertThat(seen.flows()).hasSize(FlowCounter.MOST_FLOWS);
    assertThat(seen.flows().getFirst().packets()).isEqualTo(2);
    assertThat(seen.lost()).isEqualTo(12);
  }

  @Test
  void handsOnSoonAndSeldom() throws InterruptedException {
    LinkedBlockingQueue<Received> kernel = new LinkedBlockingQueue<>();
    LinkedBlockingQueue<SeenFlows> handed = new LinkedBlockingQueue<>();
    try (FlowReader _ =
        FlowReader.start(
            millis -> next(kernel, millis),
            handed::add,
            InstantSource.system(),
            System::nanoTime)) {
      long beganNs = System.nanoTime();
      List<SeenFlows> all = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        kernel.add(packets(packet("a", i, 80)));
        Thread.sleep(5);
      }
      while (all.stream().mapToLong(FlowReaderTest::packetsIn).sum() < 100) {
        SeenFlows seen = handed.poll(10, TimeUnit.SECONDS);
        assertThat(seen).isNotNull();
        all.add(seen);
      }
      long moments = (System.nanoTime() - beganNs) / FlowReader.MOMENT.toNanos();
      assertThat(all).hasSizeLessThanOrEqualTo((int) moments + 1);
    }
  }

  private static long packetsIn(SeenFlows seen) {
    return seen.flows().stream().mapToLong(Seen::packets).sum();
  }

  private static Received next(LinkedBlockingQueue<Received> kernel, int millis) {
    try {
      Received received = kernel.poll(millis, TimeUnit.MILLISECONDS);
      return received == null ? packets() : received;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
