package io.ocicat.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.agent.address.AddressMethod;
import io.ocicat.agent.address.NodeAddressing;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AgentConfigReaderTest {

  private static List<String> problems(String yaml) {
    return ((AgentConfigReader.Reading.Invalid)
            AgentConfigReader.parse(yaml, Path.of("/etc/ocicat"), Map.of()))
        .problems();
  }

  private static AgentConfig config(String yaml) {
    return ((AgentConfigReader.Reading.Valid)
            AgentConfigReader.parse(yaml, Path.of("/etc/ocicat"), Map.of()))
        .config();
  }

  @Test
  void needsOnlyWhoTheNodeIs() {
    AgentConfig config = config("{nodeName: n1, nodeAddresses: [192.0.2.1, 'fd00::1']}");
    assertThat(config.nodeName()).isEqualTo("n1");
    assertThat(config.nodeAddresses())
        .isEqualTo(
            NodeAddressing.by(
                Map.of(
                    IpFamily.IPV4,
                    new AddressMethod.Given(IpAddress.parse("192.0.2.1")),
                    IpFamily.IPV6,
                    new AddressMethod.Given(IpAddress.parse("fd00::1")))));
    assertThat(config.controllers().isEmpty()).isTrue();
    assertThat(config.joining()).isEqualTo(new Joining.Never());
    assertThat(config.removeOnShutdown()).isTrue();
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
        nodeAddresses: {ipv4: can-reach=192.0.2.254, ipv6: none}
        controller: "[fd00::10]:7946"
        controllers: [192.0.2.11:7946]
        controllersFile: controllers
        joinTokenFile: token
        stateDir: state
        runDir: /r
        cniBinDir: bin
        cniConfDir: conf
        cni: {removeOnShutdown: false}
        networkName: net
        labels: {zone: a, rack: 7}
        routes: bgp
        driftCheckSeconds: 3
        """);
    AgentConfig config = ((AgentConfigReader.Reading.Valid) AgentConfigReader.read(file)).config();
    assertThat(config)
        .isEqualTo(
            new AgentConfig(
                "n1",
                NodeAddressing.by(
                    Map.of(
                        IpFamily.IPV4,
                        new AddressMethod.CanReach(IpAddress.parse("192.0.2.254")),
                        IpFamily.IPV6,
                        new AddressMethod.None())),
                List.of(),
                new AgentConfig.Controllers(
                    List.of(
                        new InetSocketAddress(IpAddress.parse("fd00::10").toInetAddress(), 7946),
                        new InetSocketAddress(IpAddress.parse("192.0.2.11").toInetAddress(), 7946)),
                    Optional.of(folder.resolve("controllers"))),
                new Joining.ByToken("secret"),
                Map.of("zone", "a", "rack", "7"),
                new AgentConfig.Folders(
                    folder.resolve("state"),
                    Path.of("/r"),
                    folder.resolve("bin"),
                    folder.resolve("conf")),
                "net",
                false,
                AgentConfig.Routes.BGP,
                Duration.ofSeconds(3)));
  }

  @Test
  void takesFromTheEnvironmentWhatDiffersFromNodeToNode() {
    AgentConfig config =
        ((AgentConfigReader.Reading.Valid)
                AgentConfigReader.parse(
                    """
                    controllersFile: /etc/ocicat/cluster/controllers
                    serviceAccount: {tokenFile: /t/token, authorityFile: ca.crt}
                    """,
                    Path.of("/etc/ocicat"),
                    Map.of("OCICAT_NODE_NAME", "w1", "OCICAT_NODE_ADDRESSES", "192.0.2.7,fd00::7")))
            .config();
    assertThat(config.nodeName()).isEqualTo("w1");
    assertThat(config.internalAddresses())
        .containsExactly(IpAddress.parse("192.0.2.7"), IpAddress.parse("fd00::7"));
    assertThat(config.nodeAddresses())
        .isEqualTo(NodeAddressing.byDefault(new AddressMethod.KubernetesInternalIp()));
    assertThat(config.joining())
        .isEqualTo(
            new Joining.ByServiceAccount(Path.of("/t/token"), Path.of("/etc/ocicat/ca.crt")));
    assertThat(config("{nodeName: n1}").nodeAddresses())
        .isEqualTo(NodeAddressing.byDefault(new AddressMethod.FirstFound()));
    assertThat(config("{nodeName: n1, nodeAddresses: {ipv6: none}}").nodeAddresses())
        .isEqualTo(
            NodeAddressing.byDefault(new AddressMethod.FirstFound())
                .with(Map.of(IpFamily.IPV6, new AddressMethod.None())));
  }

  @Test
  void saysWhichMethodsThereAreAndWhichFieldsBelongTogether() {
    assertThat(
            problems(
                """
                nodeName: n1
                nodeAddresses: {ipv4: best, ipv5: first-found, ipv6: can-reach=dns.example}
                controllers: [192.0.2.1, "a:70000"]
                cni: {remove: true}
                serviceAccount: {tokenFile: t}
                joinToken: x
                """))
        .satisfiesExactlyInAnyOrder(
            p -> assertThat(p).contains("nodeAddresses.ipv4", "'best'", "skip-interface=REGEX"),
            p -> assertThat(p).contains("'ipv5'", "ipv4, ipv6"),
            p -> assertThat(p).contains("nodeAddresses.ipv6", "'can-reach=dns.example'"),
            p -> assertThat(p).contains("controllers", "'192.0.2.1'"),
            p -> assertThat(p).contains("controllers", "'a:70000'"),
            p -> assertThat(p).contains("removeOnShutdown"),
            p -> assertThat(p).contains("tokenFile and authorityFile"),
            p -> assertThat(p).contains("serviceAccount and joinToken"));
    assertThat(problems("{nodeName: n1, nodeAddresses: [192.0.2.1, 192.0.2.2]}"))
        .singleElement()
        .asString()
        .contains("more than one address of a family");
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
            p -> assertThat(p).contains("nodeName: missing", "OCICAT_NODE_NAME"),
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
