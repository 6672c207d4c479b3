package io.ocicat.bgpcontrol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ocicat.bgpwire.mrt.MrtRecord;
import io.ocicat.inet.Cidr;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuestionsTest {

  private final RunningSpeaker asked = new RunningSpeaker("127.0.18.1", 65001);
  private final RunningSpeaker neighbour = new RunningSpeaker("127.0.18.2", 65002);
  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void peer() {
    asked.peersWith("neighbour", "127.0.18.2", 65002);
    neighbour.peersWith("asked", "127.0.18.1", 65001);
    asked.originate("10.9.0.0/24");
    neighbour.originate("10.1.0.0/24");
    neighbour.originate("fd01::/64");
    asked.awaitEstablished("neighbour");
    RunningSpeaker.await(
        "the routes",
        () -> asked.ask(s -> !s.rib().view().explain(Cidr.parse("10.1.0.0/24")).paths().isEmpty()));
  }

  @AfterEach
  void end() {
    asked.close();
    neighbour.close();
  }

  private Path socket() {
    return folder.resolve("s");
  }

  private Control open() {
    return Control.open(socket(), new Questions(asked, List::of));
  }

  @Test
  void routesCanBeAskedForByWhatTheyAreIn() {
    try (Control _ = open()) {
      BgpClient client = new BgpClient(socket());
      assertThat(client.ask("routes", Map.of("in", "10.0.0.0/8")).path("routes")).hasSize(2);
      assertThat(client.ask("routes", Map.of("in", "10.1.0.0/16")).path("routes"))
          .singleElement()
          .satisfies(route -> assertThat(route.path("peer").asText()).isEqualTo("neighbour"));
      assertThatThrownBy(() -> client.ask("routes", Map.of("in", "ten")))
          .isInstanceOf(BgpClient.RefusedException.class)
          .hasMessageContaining("ten");
    }
  }

  @Test
  void tellsNumbersAsPrometheusReadsThem() {
    try (Control _ = open()) {
      String text = new BgpClient(socket()).ask("metrics", Map.of()).path("text").asText();
      assertThat(text.lines())
          .contains(
              "ocicat_bgp_peer_up{peer=\"neighbour\",address=\"127.0.18.2\",remote_as=\"65002\"} 1",
              "ocicat_bgp_peer_routes{peer=\"neighbour\",family=\"ipv4_unicast\",kind=\"received\"}"
                  + " 1",
              "ocicat_bgp_peer_routes{peer=\"neighbour\",family=\"ipv4_unicast\",kind=\"advertised\"}"
                  + " 1")
          .allMatch(
              line ->
                  line.matches("# (HELP|TYPE) ocicat_[a-z_]+ .*|ocicat_[a-z_]+(\\{.*})? [0-9]+"));
    }
  }

  @Test
  void theTableGoesToAFileAndIsReadAgain() throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (Control _ = open()) {
      new BgpClient(socket()).copy("dump", Map.of(), file);
    }
    List<MrtRecord> records = new ArrayList<>();
    assertThat(MrtFile.read(new ByteArrayInputStream(file.toByteArray()), records::add)).isZero();
    assertThat(records.getFirst())
        .isInstanceOfSatisfying(
            MrtRecord.PeerIndexTable.class,
            table ->
                assertThat(table.peers())
                    .extracting(MrtRecord.PeerIndexTable.Peer::asn)
                    .containsExactly(65001, 65002));
    assertThat(records)
        .filteredOn(MrtRecord.Rib.class::isInstance)
        .extracting(mrt -> ((MrtRecord.Rib) mrt).prefix().toString())
        .containsExactlyInAnyOrder("10.1.0.0/24", "10.9.0.0/24", "fd01::/64");
    assertThat(MrtFile.read(new ByteArrayInputStream(file.toByteArray(), 0, 50), _ -> {}))
        .as("octets of a record that is cut off")
        .isPositive();
  }

  @Test
  void anAnswerOfOctetsThatIsNoneIsARefusal() {
    try (Control _ = open()) {
      assertThatThrownBy(
              () -> new BgpClient(socket()).copy("nothing", Map.of(), new ByteArrayOutputStream()))
          .isInstanceOf(BgpClient.RefusedException.class);
    }
  }

  @Test
  void aSocketThatAnotherSpeakerHasIsLeftToIt() throws IOException {
    try (Control _ = open()) {
      assertThatThrownBy(this::open)
          .isInstanceOf(UncheckedIOException.class)
          .hasRootCauseMessage("another speaker answers there");
      assertThat(new BgpClient(socket()).ask("peers", Map.of()).path("peers")).hasSize(1);
    }
    Files.createFile(socket());
    try (Control _ = open()) {
      assertThat(new BgpClient(socket()).ask("peers", Map.of()).path("peers"))
          .as("what a killed one left is replaced")
          .hasSize(1);
    }
  }
}
