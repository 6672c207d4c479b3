package io.ocicat.sync.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.sync.GroupMember;
import io.ocicat.sync.NamedPort;
import io.ocicat.sync.NodeRouting;
import io.ocicat.sync.PolicyRef;
import io.ocicat.sync.SyncDelta;
import io.ocicat.sync.SyncItem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableFileTest {

  static final SyncDelta ONE_OF_EACH =
      new SyncDelta(
          "epoch",
          42,
          true,
          List.of(
              new SyncItem.Policy("NetworkPolicy", "ns", "p", "{\"kind\":\"NetworkPolicy\"}"),
              new SyncItem.Pool("pool", "{}"),
              new SyncItem.HostEndpoint("h", "{}"),
              new SyncItem.Configuration("default", "{}"),
              new SyncItem.Namespace(
                  "ns", Map.of("a", "b"), Map.of("ocicat.io/log-denied", "true")),
              new SyncItem.Inspection(
                  "i", "u", List.of(new PolicyRef("NetworkPolicy", "ns", "p")), Set.of("n1")),
              new SyncItem.LocalPod(
                  "ns",
                  "pod",
                  "uid",
                  Map.of("app", "web"),
                  "default",
                  Map.of("team", "web"),
                  List.of(new NamedPort("http", "TCP", 80))),
              new SyncItem.Block(
                  Cidr.parse("fd00::/122"), "pool", "n1", List.of(IpAddress.parse("192.0.2.1"))),
              new SyncItem.Group(
                  "g",
                  Set.of(
                      new GroupMember(IpAddress.parse("10.0.0.1")),
                      new GroupMember(Cidr.parse("fd00::1/128"), 132, 65_535),
                      new GroupMember(Cidr.parse("10.1.0.0/16"), 0, 0))),
              new SyncItem.Routing("BGPPeer", "rack", "{}"),
              new SyncItem.Node(
                  "n1",
                  List.of(IpAddress.parse("192.0.2.1"), IpAddress.parse("2001:db8::1")),
                  Map.of("rack", "a"),
                  Map.of("projectcalico.org/ASNumber", "64513")),
              new SyncItem.Service(
                  "ns",
                  "web",
                  List.of(IpAddress.parse("10.96.0.1")),
                  List.of(IpAddress.parse("198.51.100.1")),
                  List.of(IpAddress.parse("2001:db8:1::1")),
                  true),
              new SyncItem.StatusRequest(
                  "s", "u", Set.of(NodeRouting.Part.BGP, NodeRouting.Part.ROUTES), 10),
              new SyncItem.Cluster(true)),
          List.of(),
          List.of());

  private final Path path;

  TableFileTest(@TempDir Path directory) {
    this.path = directory.resolve("sub").resolve("table");
  }

  @Test
  void readsWhatItWrote() {
    new TableFile(path).save(ONE_OF_EACH);
    assertThat(new TableFile(path).load()).contains(ONE_OF_EACH);
  }

  @Test
  void keepsPasswordsInAFileOfTheirOwnWhichTheOwnerAloneReads() throws IOException {
    Path passwords = path.resolveSibling("passwords");
    SyncDelta table = withPassword();
    new TableFile(path, passwords).save(table);
    assertThat(new TableFile(path, passwords).load()).contains(table);
    assertThat(Files.readString(path, StandardCharsets.ISO_8859_1)).doesNotContain("hidden");
    assertThat(Files.readString(passwords, StandardCharsets.ISO_8859_1)).contains("hidden");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(passwords)))
        .isEqualTo("rw-------");
    assertThat(table.toString()).doesNotContain("hidden");
    new TableFile(path, passwords).save(ONE_OF_EACH);
    assertThat(passwords).doesNotExist();
  }

  @Test
  void withoutItsPasswordsATableIsOfNoControllerSoThatTheyAreSentAgain() throws IOException {
    Path passwords = path.resolveSibling("passwords");
    new TableFile(path, passwords).save(withPassword());
    Files.delete(passwords);
    SyncDelta loaded = new TableFile(path, passwords).load().orElseThrow();
    assertThat(loaded.epoch()).isEmpty();
    assertThat(loaded.upserts()).isEqualTo(ONE_OF_EACH.upserts());
  }

  private static SyncDelta withPassword() {
    List<SyncItem> items = new ArrayList<>(ONE_OF_EACH.upserts());
    items.add(new SyncItem.Password("bgp", "rack", "hidden"));
    return new SyncDelta("epoch", 42, true, items, List.of(), List.of());
  }

  @Test
  void hasNothingWhereNothingWasSaved() {
    assertThat(new TableFile(path).load()).isEmpty();
  }

  @Test
  void takesAFileCutShortAnywhereForNone() throws IOException {
    new TableFile(path).save(ONE_OF_EACH);
    byte[] whole = Files.readAllBytes(path);
    for (int length = 0; length < whole.length; length++) {
      Files.write(path, Arrays.copyOf(whole, length));
      assertThat(new TableFile(path).load()).as("%d bytes", length).isEmpty();
    }
  }

  @Test
  void takesAFileWithAnyByteChangedForNone() throws IOException {
    new TableFile(path).save(ONE_OF_EACH);
    byte[] whole = Files.readAllBytes(path);
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x10;
      Files.write(path, damaged);
      assertThat(new TableFile(path).load()).as("byte %d", at).isEmpty();
    }
  }

  @Test
  void isNotDisturbedByWhatAnInterruptedSaveLeft() throws IOException {
    new TableFile(path).save(ONE_OF_EACH);
    Files.write(path.resolveSibling("table.new"), new byte[] {1, 2, 3});
    assertThat(new TableFile(path).load()).contains(ONE_OF_EACH);
    new TableFile(path).save(SyncDelta.marker("epoch", 43));
    assertThat(new TableFile(path).load()).map(SyncDelta::generation).contains(43L);
  }
}
