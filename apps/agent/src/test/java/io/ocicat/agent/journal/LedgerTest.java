package io.ocicat.agent.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ocicat.agent.journal.EndpointRecord.Stage;
import io.ocicat.cni.AttachmentKey;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.ipam.AddressDemand;
import io.ocicat.ipam.AllocateResult;
import io.ocicat.ipam.Block;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LedgerTest {

  private static final String BOOT = "4b4b0e5c-0000-4000-8000-000000000001";
  private static final Block FOUR = new Block(Cidr.parse("10.0.0.0/29"), "four");
  private static final Block SIX = new Block(Cidr.parse("fd00::/125"), "six");
  private static final AddressDemand PAIR =
      new AddressDemand.Any(Set.of(IpFamily.IPV4, IpFamily.IPV6), Set.of("four", "six"));

  @TempDir private Path folder;

  private static EndpointRecord draft(String container) {
    return new EndpointRecord(
        new AttachmentKey(container, "eth0"),
        "net",
        "shop",
        "web-" + container,
        "uid-" + container,
        "/run/netns/" + container,
        List.of(),
        Map.of("app", "web"),
        Stage.ADDING);
  }

  private static AttachmentKey key(String container) {
    return draft(container).key();
  }

  private Ledger open() {
    return Ledger.open(folder, BOOT);
  }

  private static Ledger leased(Ledger ledger) {
    ledger.addLease(FOUR);
    ledger.addLease(SIX);
    return ledger;
  }

  private static EndpointRecord begin(Ledger ledger, String container) {
    return ((BeginResult.Begun) ledger.begin(draft(container), PAIR)).endpoint();
  }

  @Test
  void remembersEndpointsStagesAndLeases() {
    EndpointRecord a;
    EndpointRecord b;
    try (Ledger ledger = leased(open())) {
      a = begin(ledger, "a");
      b = begin(ledger, "b");
      ledger.reached(key("a"), Stage.READY);
    }
    try (Ledger again = open()) {
      assertThat(again.endpoints()).containsExactly(a.at(Stage.READY), b);
      assertThat(again.blocks()).containsExactly(FOUR, SIX);
      assertThat(begin(again, "c").addresses())
          .doesNotContainAnyElementsOf(a.addresses())
          .doesNotContainAnyElementsOf(b.addresses());
    }
  }

  @Test
  void readsEndpointsOfBeforeUidsWereKept() throws IOException {
    EndpointRecord endpoint = draft("a");
    byte[] now = EventCodec.encode(new Event.Put(endpoint));
    int uidBytes = Integer.BYTES + endpoint.podUid().length();
    assertThat(EventCodec.decode(now)).isEqualTo(new Event.Put(endpoint));
    assertThat(EventCodec.decode(Arrays.copyOf(now, now.length - uidBytes)))
        .isInstanceOfSatisfying(
            Event.Put.class,
            put -> {
              assertThat(put.endpoint().podUid()).isEmpty();
              assertThat(put.endpoint().pod()).isEqualTo(endpoint.pod());
              assertThat(put.endpoint().stage()).isEqualTo(endpoint.stage());
            });
  }

  @Test
  void keepsLeasesAndForgetsEndpointsAfterAReboot() {
    try (Ledger ledger = leased(open())) {
      begin(ledger, "a");
    }
    try (Ledger rebooted = Ledger.open(folder, "another-boot")) {
      assertThat(rebooted.endpoints()).isEmpty();
      assertThat(rebooted.blocks()).containsExactly(FOUR, SIX);
      assertThat(begin(rebooted, "b").addresses()).contains(IpAddress.parse("10.0.0.0"));
    }
  }

  @Test
  void usesAnAddressFreedLastAlsoAfterARestartAndARewrite() {
    List<IpAddress> freed;
    try (Ledger ledger = leased(open())) {
      freed = begin(ledger, "a").addresses();
      ledger.gone(key("a"));
    }
    for (int i = 0; i < 7; i++) {
      try (Ledger ledger = open()) {
        assertThat(begin(ledger, "b" + i).addresses()).doesNotContainAnyElementsOf(freed);
      }
    }
    try (Ledger ledger = open()) {
      assertThat(begin(ledger, "last").addresses()).isEqualTo(freed);
      assertThat(ledger.begin(draft("more"), PAIR))
          .isEqualTo(new BeginResult.NoAddress(new AllocateResult.NeedsBlock(IpFamily.IPV4)));
    }
  }

  @Test
  void staysShortHoweverLongItsHistory() throws IOException {
    List<IpAddress> order = new ArrayList<>();
    try (Ledger ledger = leased(open())) {
      begin(ledger, "stays");
      for (int i = 0; i < 6000; i++) {
        order.add(begin(ledger, "c" + i).addresses().getFirst());
        ledger.reached(key("c" + i), Stage.READY);
        ledger.reached(key("c" + i), Stage.DELETING);
        ledger.gone(key("c" + i));
      }
    }
    assertThat(Files.size(folder.resolve("journal"))).isLessThan(Ledger.REWRITE_FROM_BYTES + 1000);
    try (Ledger ledger = open()) {
      assertThat(ledger.endpoints()).hasSize(1);
      assertThat(begin(ledger, "next").addresses()).contains(order.get(order.size() - 7));
    }
  }

  @Test
  void aRemovedLeaseLeavesAddressesInUseAlone() {
    try (Ledger ledger = leased(open())) {
      EndpointRecord a = begin(ledger, "a");
      ledger.removeLease(FOUR.cidr());
      assertThat(ledger.isUnused(FOUR.cidr())).isFalse();
      assertThat(ledger.begin(draft("b"), PAIR)).isInstanceOf(BeginResult.NoAddress.class);
      ledger.addLease(FOUR);
      assertThat(begin(ledger, "b").addresses()).doesNotContainAnyElementsOf(a.addresses());
    }
  }

  @Test
  void refusesALeaseFileThatItDoesNotUnderstand() throws IOException {
    Files.writeString(folder.resolve("leases"), "10.0.0.0/26 default\n");
    assertThatThrownBy(this::open).hasMessageContaining("leases");
  }

  /** The file cut at every byte gives a state that history went through. */
  @Test
  void aTornTailIsAPrefixOfHistory(@TempDir Path cutFolder) throws IOException {
    Random random = new Random(7);
    List<State> history = new ArrayList<>();
    try (Ledger ledger = leased(open())) {
      history.add(State.of(ledger));
      List<String> live = new ArrayList<>();
      for (int i = 0; i < 25; i++) {
        if (live.size() < 6 && random.nextInt(3) > 0) {
          begin(ledger, "c" + i);
          live.add("c" + i);
        } else if (!live.isEmpty() && random.nextBoolean()) {
          ledger.gone(key(live.removeFirst()));
        } else if (!live.isEmpty()) {
          ledger.reached(key(live.getLast()), Stage.READY);
        }
        history.add(State.of(ledger));
      }
    }
    byte[] journal = Files.readAllBytes(folder.resolve("journal"));
    Files.copy(
        folder.resolve("leases"), cutFolder.resolve("leases"), StandardCopyOption.REPLACE_EXISTING);
    int furthest = 0;
    for (int cut = 0; cut <= journal.length; cut++) {
      Files.write(cutFolder.resolve("journal"), Arrays.copyOf(journal, cut));
      try (Ledger ledger = Ledger.open(cutFolder, BOOT)) {
        State state = State.of(ledger);
        int at = history.lastIndexOf(state);
        assertThat(at).as("cut at byte %d: %s", cut, state).isGreaterThanOrEqualTo(furthest);
        furthest = Math.max(furthest, history.indexOf(state));
        if (cut % 97 == 0) {
          begin(ledger, "after-the-cut");
          Set<IpAddress> seen = new HashSet<>();
          ledger
              .endpoints()
              .forEach(e -> e.addresses().forEach(a -> assertThat(seen.add(a)).isTrue()));
        }
      }
    }
    assertThat(furthest).isEqualTo(history.indexOf(history.getLast()));
  }

  /** A bit that flips anywhere is noticed. */
  @Test
  void aDamagedRecordEndsTheJournal() throws IOException {
    try (Ledger ledger = leased(open())) {
      begin(ledger, "a");
      begin(ledger, "b");
    }
    byte[] journal = Files.readAllBytes(folder.resolve("journal"));
    for (int i = 0; i < journal.length; i++) {
      byte[] damaged = journal.clone();
      damaged[i] ^= 0x10;
      Files.write(folder.resolve("journal"), damaged);
      try (Ledger ledger = open()) {
        assertThat(ledger.endpoints().size()).as("byte %d", i).isLessThan(2);
      }
    }
  }

  private record State(List<EndpointRecord> endpoints, long free) {
    static State of(Ledger ledger) {
      return new State(ledger.endpoints(), ledger.freeCount(IpFamily.IPV4, Set.of("four")));
    }
  }
}
