package io.ocicat.cli;

import io.ocicat.bgpd.BgpdConfig;
import io.ocicat.lab.Lab;
import io.ocicat.lab.LabNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Which speaker is asked: {@code --socket}, {@code --node} and {@code --lab}. */
final class SpeakerSocket {
  private static final Path AGENTS = Path.of("/run/ocicat/bgp.sock");

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      scope = ScopeType.INHERIT,
      description =
          "Where the speaker answers (/run/ocicat/bgpd.sock, else the agent's /run/ocicat/bgp.sock).")
  private @Nullable Path socket;

  @Option(
      names = "--node",
      paramLabel = "NODE",
      scope = ScopeType.INHERIT,
      description = "The speaker of the agent of that node of a lab.")
  private @Nullable String node;

  @Option(
      names = "--lab",
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description = "The lab (default: the only one that is up).")
  private @Nullable String lab;

  /**
   * The socket to ask at.
   *
   * @throws Refusal if it is clear already that nobody answers there
   */
  Path find() {
    if (socket != null) {
      return socket;
    }
    if (node != null) {
      LabNode found = Lab.attach(Optional.ofNullable(lab)).node(node);
      if (!Files.exists(found.bgpSocket())) {
        throw new Refusal(
            silent(node, found.agentSocket())
                + "; bring the lab up with 'ocicat lab up --routes bgp'");
      }
      return found.bgpSocket();
    }
    for (Path each : List.of(BgpdConfig.DEFAULT_SOCKET, AGENTS)) {
      if (Files.exists(each)) {
        return each;
      }
    }
    if (Files.exists(AGENTS.resolveSibling("agent.sock"))) {
      throw new Refusal(
          silent("here", AGENTS.resolveSibling("agent.sock"))
              + "; put 'routes: bgp' into the agent's configuration and start it again");
    }
    return BgpdConfig.DEFAULT_SOCKET;
  }

  private static String silent(String node, Path agent) {
    return Files.exists(agent)
        ? "ask the BGP speaker of %s: its agent speaks no BGP, since it has 'routes: direct'"
            .formatted(node)
        : "ask the BGP speaker of %s: no agent runs there".formatted(node);
  }
}
