package io.ocicat.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.IpAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AgentConfigReaderTest {

  private static List<String> problems(String yaml) {
    return ((AgentConfigReader.Reading.Invalid)
            AgentConfigReader.parse(yaml, Path.of("/etc/ocicat")))
        .problems();
  }

  private static AgentConfig config(String yaml) {
    return ((AgentConfigReader.Reading.Valid) AgentConfigReader.parse(yaml, Path.of("/etc/ocicat")))
        .config();
  }

  @Test
  void needsOnlyWhoTheNodeIs() {
    AgentConfig config = config("{nodeName: n1, nodeAddresses: [192.0.2.1, 'fd00::1']}");
    assertThat(config.nodeName()).isEqualTo("n1");
    assertThat(config.nodeAddresses())
        .containsExactly(IpAddress.parse("192.0.2.1"), IpAddress.parse("fd00::1"));
    assertThat(config.controllers()).isEmpty();
    assertThat(config.folders()).isEqualTo(AgentConfig.Folders.DEFAULT);
    assertThat(config.folders().socket()).isEqualTo(Path.of("/run/ocicat/agent.sock"));
    assertThat(config.folders().conflist()).isEqualTo(Path.of("/etc/cni/net.d/10-ocicat.conflist"));
    assertThat(config.networkName()).isEqualTo("ocicat");
    assertThat(config.driftCheck()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void readsEveryField(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("token"), "secret\n");
    Path file = folder.resolve("agent.yaml");
    Files.writeString(
        file,
        """
        nodeName: n1
        nodeAddresses: [192.0.2.1]
        controller: "[fd00::10]:7946"
        joinTokenFile: token
        stateDir: state
        runDir: /r
        cniBinDir: bin
        cniConfDir: conf
        networkName: net
        labels: {zone: a, rack: 7}
        driftCheckSeconds: 3
        """);
    AgentConfig config = ((AgentConfigReader.Reading.Valid) AgentConfigReader.read(file)).config();
    assertThat(config)
        .isEqualTo(
            new AgentConfig(
                "n1",
                List.of(IpAddress.parse("192.0.2.1")),
                List.of(new InetSocketAddress(IpAddress.parse("fd00::10").toInetAddress(), 7946)),
                "secret",
                Map.of("zone", "a", "rack", "7"),
                new AgentConfig.Folders(
                    folder.resolve("state"),
                    Path.of("/r"),
                    folder.resolve("bin"),
                    folder.resolve("conf")),
                "net",
                Duration.ofSeconds(3)));
  }

  @Test
  void saysAllThatIsWrongAtOnce() {
    assertThat(
            problems(
                """
                nodename: n1
                nodeAddresses: [10.0.0]
                controller: nowhere
                colour: red
                joinTokenFile: no-such-file
                labels: [a]
                networkName: "a b"
                driftCheckSeconds: often
                runDir: /%s
                """
                    .formatted("x".repeat(100))))
        .satisfiesExactlyInAnyOrder(
            p -> assertThat(p).isEqualTo("unknown field 'nodename'; did you mean 'nodeName'?"),
            p -> assertThat(p).startsWith("unknown field 'colour'; the fields are nodeName, "),
            p -> assertThat(p).isEqualTo("nodeName: missing"),
            p -> assertThat(p).contains("nodeAddresses", "'10.0.0'"),
            p -> assertThat(p).contains("controller", "'nowhere'"),
            p -> assertThat(p).contains("joinTokenFile", "no-such-file"),
            p -> assertThat(p).contains("labels"),
            p -> assertThat(p).contains("networkName", "'a b'"),
            p -> assertThat(p).contains("driftCheckSeconds", "'often'"),
            p -> assertThat(p).contains("runDir", "107 bytes"));
    assertThat(problems("[1")).singleElement().asString().contains("YAML");
    assertThat(problems("- a")).singleElement().asString().contains("mapping");
    assertThat(problems("")).singleElement().asString().contains("mapping");
  }
}
