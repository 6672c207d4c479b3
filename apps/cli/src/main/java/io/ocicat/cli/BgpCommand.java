package io.ocicat.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.bgpcontrol.BgpClient;
import io.ocicat.bgpd.BgpdConfig;
import io.ocicat.client.Documents;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code ocicat bgp …}. */
@Command(
    name = "bgp",
    mixinStandardHelpOptions = true,
    description = "Ask a BGP speaker of this node.",
    synopsisSubcommandLabel =
        "(peers | routes | received | advertised | explain | refresh | reset | reload | policy)",
    subcommands = BgpPolicyCommand.class)
final class BgpCommand {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      scope = ScopeType.INHERIT,
      description = "Where the speaker answers (/run/ocicat/bgpd.sock).")
  private @Nullable Path socket;

  @Command(
      name = "peers",
      mixinStandardHelpOptions = true,
      description = "Tell how each session is; exit status 1 if one is not established.")
  int peers(@Mixin OutputOption output) {
    JsonNode peers = ask("peers", Map.of()).path("peers");
    if (output.json()) {
      json(peers);
    } else {
      List<List<String>> rows = new ArrayList<>();
      peers.forEach(peer -> rows.add(row(peer)));
      TablePrinter.onTerminal(out())
          .print(
              List.of(
                  "name",
                  "address",
                  "as",
                  "state",
                  "since",
                  "received",
                  "advertised",
                  "last error"),
              rows);
    }
    for (JsonNode peer : peers) {
      if (!peer.path("state").asText().equals("Established")) {
        return 1;
      }
    }
    return 0;
  }

  private static List<String> row(JsonNode peer) {
    long as = peer.path("remoteAs").asLong();
    return List.of(
        peer.path("name").asText(),
        peer.path("address").asText(),
        as == 0 ? "" : Long.toString(as),
        peer.path("state").asText(),
        since(peer.path("sinceSeconds").asLong()),
        sum(peer, "received"),
        sum(peer, "advertised"),
        peer.path("lastError").asText());
  }

  private static String since(long seconds) {
    Duration time = Duration.ofSeconds(seconds);
    if (time.toDays() > 0) {
      return "%dd%dh".formatted(time.toDays(), time.toHoursPart());
    }
    if (time.toHours() > 0) {
      return "%dh%dm".formatted(time.toHours(), time.toMinutesPart());
    }
    return seconds < 60
        ? seconds + "s"
        : "%dm%ds".formatted(time.toMinutes(), time.toSecondsPart());
  }

  private static String sum(JsonNode peer, String counter) {
    long sum = 0;
    for (JsonNode family : peer.path("families")) {
      sum += family.path(counter).asLong();
    }
    return Long.toString(sum);
  }

  @Command(
      name = "routes",
      mixinStandardHelpOptions = true,
      description = "List every path that is known, the best of its prefix marked.")
  void routes(@Mixin OutputOption output) {
    routes(ask("routes", Map.of()), output);
  }

  @Command(
      name = "received",
      mixinStandardHelpOptions = true,
      description = "List what a peer has sent, also what was refused.")
  void received(@Parameters(paramLabel = "PEER") String peer, @Mixin OutputOption output) {
    routes(ask("received", Map.of("peer", peer)), output);
  }

  @Command(
      name = "advertised",
      mixinStandardHelpOptions = true,
      description = "List what a peer is told.")
  void advertised(@Parameters(paramLabel = "PEER") String peer, @Mixin OutputOption output) {
    routes(ask("advertised", Map.of("peer", peer)), output);
  }

  private void routes(JsonNode answer, OutputOption output) {
    JsonNode routes = answer.path("routes");
    if (output.json()) {
      json(routes);
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode route : routes) {
      rows.add(
          List.of(
              marks(route),
              route.path("prefix").asText(),
              route.path("peer").asText("").isEmpty() ? "here" : route.path("peer").asText(),
              route.path("nextHop").asText(),
              route.path("asPath").asText()));
    }
    TablePrinter.onTerminal(out()).print(List.of("", "prefix", "from", "next hop", "path"), rows);
    if (answer.path("cut").asBoolean()) {
      out().println("and more");
    }
    out().flush();
  }

  private static String marks(JsonNode route) {
    if (!route.path("accepted").asBoolean()) {
      return "refused";
    }
    return (route.path("best").asBoolean() ? "best" : "")
        + (route.path("stale").asBoolean() ? " stale" : "");
  }

  @Command(
      name = "explain",
      mixinStandardHelpOptions = true,
      description = "Tell why a prefix is routed as it is, and who is told.")
  void explain(@Parameters(paramLabel = "PREFIX") String prefix, @Mixin OutputOption output) {
    JsonNode answer = ask("explain", Map.of("prefix", prefix));
    if (output.json()) {
      json(answer);
      return;
    }
    List<List<String>> paths = new ArrayList<>();
    for (JsonNode path : answer.path("paths")) {
      paths.add(
          List.of(
              marks(path),
              path.path("peer").asText("").isEmpty() ? "here" : path.path("peer").asText(),
              path.path("importedBy").asText(),
              path.path("step").asText(),
              path.path("attributes").asText()));
    }
    if (paths.isEmpty()) {
      out().println("no path to " + prefix);
    } else {
      new TablePrinter(out(), 0)
          .print(List.of("", "from", "imported by", "decided at", "attributes"), paths);
    }
    List<List<String>> exports = new ArrayList<>();
    for (JsonNode export : answer.path("exports")) {
      exports.add(
          List.of(
              export.path("peer").asText(),
              export.path("decidedBy").asText(),
              export.path("sent").asText("").isEmpty() ? "nothing" : export.path("sent").asText()));
    }
    if (!exports.isEmpty()) {
      out().println();
      new TablePrinter(out(), 0).print(List.of("told to", "decided by", "what"), exports);
    }
    out().flush();
  }

  @Command(
      name = "refresh",
      mixinStandardHelpOptions = true,
      description = "Have a peer send all its routes again.")
  void refresh(@Parameters(paramLabel = "PEER") String peer) {
    done(ask("refresh", Map.of("peer", peer)), "asked " + peer);
  }

  @Command(
      name = "reset",
      mixinStandardHelpOptions = true,
      description = "End a peer's session and begin a new one; without a name, all.")
  void reset(@Parameters(arity = "0..1", paramLabel = "PEER", defaultValue = "") String peer) {
    done(ask("reset", Map.of("peer", peer)), "reset " + (peer.isEmpty() ? "all" : peer));
  }

  @Command(
      name = "reload",
      mixinStandardHelpOptions = true,
      description = "Have the speaker read its file again.")
  void reload() {
    done(ask("reload", Map.of()), "reloaded");
  }

  private void done(JsonNode answer, String words) {
    out().println(answer.path("done").asBoolean() ? words : answer);
    out().flush();
  }

  private void json(JsonNode document) {
    out().println(Documents.toJson(document));
    out().flush();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private JsonNode ask(String command, Map<String, String> words) {
    Path at = socket == null ? BgpdConfig.DEFAULT_SOCKET : socket;
    try {
      return new BgpClient(at).ask(command, words);
    } catch (BgpClient.RefusedException e) {
      throw new Refusal(String.valueOf(e.getMessage()));
    }
  }
}
