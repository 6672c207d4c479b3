package io.ocicat.agent.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.ocicat.agent.FakeController;
import io.ocicat.agent.journal.EndpointRecord;
import io.ocicat.agent.journal.Ledger;
import io.ocicat.agent.node.PoolView;
import io.ocicat.cni.AttachmentKey;
import io.ocicat.cni.CniErrorCode;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.ipam.Block;
import io.ocicat.model.IpPool;
import io.ocicat.sync.BlockAnswer;
import io.ocicat.sync.SyncItem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class AddressSourceTest {

  @TempDir private Path folder;
  private Ledger ledger;
  private final FakeController controller = new FakeController();
  private final ExecutorService background = Executors.newCachedThreadPool();
  private PoolView pools = new PoolView(List.of(pool("four", "10.0.0.0/16", false)));
  private int leaseNews;
  private AddressSource source;

  @BeforeEach
  void makeSource() {
    ledger = Ledger.open(folder, "boot");
    source = new AddressSource(ledger, controller, () -> pools, () -> leaseNews++, background);
  }

  @AfterEach
  void close() {
    background.shutdownNow();
    ledger.close();
  }

  private static IpPool pool(String name, String cidr, boolean disabled) {
    try {
      return IpPool.read(
          new JsonMapper()
              .readTree(
                  """
                  {"kind":"IPPool","metadata":{"name":"%s"},"spec":{"cidr":"%s","disabled":%s}}
                  """
                      .formatted(name, cidr, disabled)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static EndpointRecord draft(String container) {
    return new EndpointRecord(
        new AttachmentKey(container, "eth0"),
        "net",
        "shop",
        container,
        "",
        "",
        List.of(),
        Map.of(),
        EndpointRecord.Stage.ADDING);
  }

  private static BlockAnswer leased(String cidr, String pool) {
    return new BlockAnswer.Leased(new SyncItem.Block(Cidr.parse(cidr), pool, "n1", List.of()));
  }

  private List<IpAddress> begin(String container) {
    return source.begin(draft(container), List.of()).addresses();
  }

  private void assertRefused(CniErrorCode code, String... words) {
    assertThatThrownBy(() -> begin("x"))
        .isInstanceOfSatisfying(
            CniRefusal.class,
            refusal -> {
              assertThat(refusal.error().code()).isEqualTo(code);
              assertThat(refusal.error().message()).contains(words);
            });
    assertThat(ledger.endpoints()).noneMatch(e -> e.key().containerId().equals("x"));
  }

  @Test
  void leasesABlockWhenThereIsNone() {
    controller.blockAnswers.add(leased("10.0.0.0/26", "four"));
    assertThat(begin("a")).containsExactly(IpAddress.parse("10.0.0.0"));
    assertThat(ledger.blocks()).containsExactly(new Block(Cidr.parse("10.0.0.0/26"), "four"));
    assertThat(leaseNews).isEqualTo(1);
  }

  @Test
  void tellsExhaustedDisabledAndNoPoolApart() {
    controller.blockAnswers.add(new BlockAnswer.PoolExhausted(List.of("four")));
    assertRefused(CniErrorCode.POOL_EXHAUSTED, "every block", "IPPool four");
    controller.blockAnswers.add(new BlockAnswer.PoolDisabled(List.of("four")));
    assertRefused(CniErrorCode.POOL_DISABLED, "disabled", "IPPool four");
    controller.blockAnswers.add(new BlockAnswer.NoPoolForNode(List.of("four")));
    assertRefused(CniErrorCode.NO_POOL_FOR_NODE, "nodeSelector", "IPPool four");
    controller.blockAnswers.add(new BlockAnswer.Unavailable("gone fishing"));
    assertRefused(CniErrorCode.TRY_LATER, "gone fishing");
    pools = new PoolView(List.of(pool("four", "10.0.0.0/16", true)));
    assertRefused(CniErrorCode.POOL_DISABLED, "IPPool four");
    pools = PoolView.EMPTY;
    assertRefused(CniErrorCode.NO_POOL_FOR_NODE, "there is no IPPool");
  }

  @Test
  void servesOneFamilyWhereTheOtherIsNotMeantForTheNode() {
    pools =
        new PoolView(List.of(pool("four", "10.0.0.0/16", false), pool("six", "fd00::/64", false)));
    ledger.addLease(new Block(Cidr.parse("10.0.0.0/26"), "four"));
    controller.blockAnswers.add(new BlockAnswer.NoPoolForNode(List.of("six")));
    assertThat(begin("a")).containsExactly(IpAddress.parse("10.0.0.0"));
    // But a pod is not half served because of a shortage.
    controller.blockAnswers.add(new BlockAnswer.PoolExhausted(List.of("six")));
    assertRefused(CniErrorCode.POOL_EXHAUSTED, "IPV6");
    controller.blockAnswers.add(leased("fd00::/122", "six"));
    assertThat(begin("b")).containsExactly(IpAddress.parse("10.0.0.1"), IpAddress.parse("fd00::"));
  }

  @Test
  void leasesAheadWhenFewAddressesAreLeft() throws Exception {
    ledger.addLease(new Block(Cidr.parse("10.0.0.0/28"), "four"));
    for (int i = 0; i < 12; i++) {
      begin("c" + i);
    }
    assertThat(controller.blockRequests).isEmpty();
    controller.blockAnswers.add(leased("10.0.0.16/28", "four"));
    begin("one-more");
    long end = System.nanoTime() + 10_000_000_000L;
    while (ledger.blocks().size() < 2) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(2);
    }
    assertThat(controller.blockRequests).hasSize(1);
  }

  @Test
  void leasesOneBlockForManyPodsAtOnce() throws Exception {
    controller.blockAnswers.add(leased("10.0.0.0/26", "four"));
    List<Future<List<IpAddress>>> all = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String container = "c" + i;
      all.add(background.submit(() -> begin(container)));
    }
    for (Future<List<IpAddress>> one : all) {
      assertThat(one.get()).hasSize(1);
    }
    assertThat(controller.blockRequests).hasSize(1);
  }

  @Test
  void givesRequestedAddressesOfItsOwnBlocksOnly() {
    ledger.addLease(new Block(Cidr.parse("10.0.0.0/28"), "four"));
    IpAddress wanted = IpAddress.parse("10.0.0.7");
    assertThat(source.begin(draft("a"), List.of(wanted)).addresses()).containsExactly(wanted);
    assertThatThrownBy(() -> source.begin(draft("b"), List.of(wanted)))
        .hasMessageContaining("10.0.0.7 is in use");
    assertThatThrownBy(() -> source.begin(draft("b"), List.of(IpAddress.parse("10.9.0.7"))))
        .hasMessageContaining("none of the blocks");
  }

  @Test
  void saysWhyItIsShortAndTriesBeforeItSays() {
    controller.blockAnswers.add(new BlockAnswer.PoolExhausted(List.of("four")));
    assertThat(source.shortage()).contains("every block");
    controller.blockAnswers.add(leased("10.0.0.0/26", "four"));
    assertThat(source.shortage()).isEmpty();
    assertThat(controller.blockRequests).hasSize(2);
  }
}
