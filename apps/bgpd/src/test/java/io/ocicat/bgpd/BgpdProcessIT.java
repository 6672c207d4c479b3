package io.ocicat.bgpd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.ocicat.bgpcontrol.BgpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two daemons as processes, in two network namespaces with a link between them. */
@Timeout(120)
class BgpdProcessIT {

  private static final Duration LIMIT = Duration.ofSeconds(40);

  private final String here = "ocibgpd-a" + ProcessHandle.current().pid();
  private final String there = "ocibgpd-b" + ProcessHandle.current().pid();
  private final List<Process> processes = new ArrayList<>();
  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void makeNetwork() {
    for (String name : List.of(here, there)) {
      ip("netns", "add", name);
      ip("-n", name, "link", "set", "lo", "up");
    }
    ip("-n", here, "link", "add", "link0", "type", "veth", "peer", "link0", "netns", there);
    ip("-n", here, "addr", "add", "10.97.0.1/24", "dev", "link0");
    ip("-n", there, "addr", "add", "10.97.0.2/24", "dev", "link0");
    ip("-n", here, "link", "set", "link0", "up");
    ip("-n", there, "link", "set", "link0", "up");
  }

  @AfterEach
  void remove() throws InterruptedException {
    for (Process process : processes) {
      int _ = process.destroyForcibly().waitFor();
    }
    for (String name : List.of(here, there)) {
      String _ = run(List.of("ip", "netns", "delete", name));
    }
  }

  private static String ip(String... words) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(words));
    return run(command);
  }

  private static String run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int _ = process.waitFor();
      return out;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path socket(String name) {
    return folder.resolve(name + ".sock");
  }

  private Path configure(String name, String yaml) throws IOException {
    return Files.writeString(
        folder.resolve(name + ".yaml"), yaml + "socket: " + socket(name) + "\n");
  }

  private Process start(String namespace, String name, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "ip",
                "netns",
                "exec",
                namespace,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                BgpdMain.class.getName(),
                "-c",
                folder.resolve(name + ".yaml").toString()));
    command.addAll(List.of(more));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve(name + ".log").toFile()))
            .start();
    processes.add(process);
    return process;
  }

  private String log(String name) {
    try {
      return Files.readString(folder.resolve(name + ".log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private JsonNode peer(String name) {
    try {
      return new BgpClient(socket(name)).ask("peers", Map.of()).path("peers").path(0);
    } catch (UncheckedIOException e) {
      return MissingNode.getInstance();
    }
  }

  private boolean established(String name) {
    return peer(name).path("state").asText().equals("Established");
  }

  private JsonNode routes(String name, String in) {
    return new BgpClient(socket(name)).ask("routes", Map.of("in", in)).path("routes");
  }

  private void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime())
          .as("waited for %s; a said: %s b said: %s", what, log("a"), log("b"))
          .isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  private void startBoth(String moreOfB) throws Exception {
    configure("a", A);
    configure("b", B + moreOfB);
    Process _ = start(here, "a");
    Process _ = start(there, "b");
    await("a session", () -> established("a") && established("b"));
    await("the route", () -> routes("b", "10.1.0.0/24").size() == 1);
  }

  private static final String A =
      """
      routerId: 10.97.0.1
      as: 65001
      networks: [10.1.0.0/24]
      peers: [{name: b, address: 10.97.0.2, as: 65002}]
      """;

  private static final String B =
      """
      routerId: 10.97.0.2
      as: 65002
      peers: [{name: a, address: 10.97.0.1, as: 65001}]
      """;

  @Test
  void aFileThatIsWrongIsToldAndNothingStarts() throws Exception {
    configure("a", "routerId: 10.97.0.1\nas: none\n");
    for (String[] more : new String[][] {{}, {"--check"}}) {
      Process process = start(here, "a", more);
      assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(1);
    }
    assertThat(log("a")).contains("line 2: as: not a number from 1 to 4294967295");
    assertThat(socket("a")).doesNotExist();
  }

  @Test
  void readsItsFileAgainWithoutDisturbingSessions() throws Exception {
    startBoth("");
    Process a = processes.getFirst();

    configure("a", A.replace("[10.1.0.0/24]", "[10.1.0.0/24, 10.2.0.0/24]"));
    assertThat(new BgpClient(socket("a")).ask("reload", Map.of()).path("done").asBoolean())
        .isTrue();
    await("the new route", () -> routes("b", "10.2.0.0/24").size() == 1);

    configure("a", A.replace("[10.1.0.0/24]", "[10.3.0.0/24]"));
    String _ = run(List.of("kill", "-HUP", Long.toString(a.pid())));
    await("another route", () -> routes("b", "10.3.0.0/24").size() == 1);
    await("the end of others", () -> routes("b", "10.0.0.0/14").size() == 1);

    configure("a", A.replace("65001", "no AS"));
    String _ = run(List.of("kill", "-HUP", Long.toString(a.pid())));
    await("a refusal", () -> log("a").contains("The configuration stays as it was: line 2: as"));
    configure("a", A + "decision: {alwaysCompareMed: true}\n");
    String _ = run(List.of("kill", "-HUP", Long.toString(a.pid())));
    await("a refusal", () -> log("a").contains("decision: cannot change"));

    assertThat(routes("b", "10.3.0.0/24")).hasSize(1);
    assertThat(established("b")).isTrue();
    assertThat(peer("b").path("flaps").asInt()).isZero();
  }

  @Test
  void aSocketInUseIsLeftToWhoHasIt() throws Exception {
    startBoth("");
    Process second = start(here, "a");
    assertThat(second.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).isEqualTo(1);
    assertThat(log("a")).contains("another speaker answers there");
    assertThat(established("a")).isTrue();
  }

  @Test
  void aNeighbourThatIsKilledKeepsItsRoutesUntilItIsBack() throws Exception {
    startBoth("");
    int _ = processes.getFirst().destroyForcibly().waitFor();
    await("the end of the session", () -> !established("b"));
    assertThat(routes("b", "10.1.0.0/24"))
        .singleElement()
        .satisfies(route -> assertThat(route.path("stale").asBoolean()).isTrue());
    Process _ = start(here, "a");
    await("a session", () -> established("b"));
    await("a fresh route", () -> !routes("b", "10.1.0.0/24").path(0).path("stale").asBoolean(true));
  }

  @Test
  void routesInTheKernelOutliveAKillAndEndWithTheDaemon() throws Exception {
    startBoth("kernel: true\n");
    await("the kernel's route", () -> kernelRoutes().contains("10.1.0.0/24 via 10.97.0.1"));
    int _ = processes.get(1).destroyForcibly().waitFor();
    assertThat(kernelRoutes()).contains("10.1.0.0/24");
    Process again = start(there, "b");
    await("a session", () -> established("b"));
    await("the route", () -> routes("b", "10.1.0.0/24").size() == 1);
    assertThat(log("b")).contains("Took over 1 routes");
    assertThat(kernelRoutes()).contains("10.1.0.0/24");
    again.destroy();
    assertThat(again.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(kernelRoutes()).doesNotContain("10.1.0.0/24");
  }

  private String kernelRoutes() {
    return ip("-n", there, "route", "show", "proto", "79");
  }
}
