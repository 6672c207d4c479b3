package io.ocicat.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.bgpcontrol.BgpClient;
import io.ocicat.client.Documents;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ocicat bgp …}. */
@Command(
    name = "bgp",
    mixinStandardHelpOptions = true,
    description = "Ask a BGP speaker of this node.",
    synopsisSubcommandLabel =
        "(peers | routes | received | advertised | explain | refresh | reset | reload | policy"
            + " | dump | mrt | metrics)",
    subcommands = {BgpPolicyCommand.class, BgpMrtCommand.class})
final class BgpCommand {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private SpeakerSocket socket = new SpeakerSocket();

  private static final List<String> PEER_COLUMNS =
      List.of("name", "address", "as", "state", "since", "received", "advertised", "last error");

  private static final List<String> ROUTE_COLUMNS =
      List.of("", "prefix", "from", "next hop", "path");

  /** {@code --follow}. */
  static final class Following {
    @Option(
        names = {"-f", "--follow"},
        description = "Go on and tell what changes; with -o json one document a line.")
    private boolean follow;

    @Option(
        names = "--interval",
        paramLabel = "SECONDS",
        defaultValue = "1",
        description = "How often to look (default: 1).")
    private double seconds = 1;
  }

  /** Which routes. */
  static final class Within {
    @Option(
        names = "--in",
        paramLabel = "PREFIX",
        defaultValue = "",
        description = "Only routes to this prefix and what is in it.")
    private String prefix = "";

    Map<String, String> words(String peer) {
      Map<String, String> words = new HashMap<>();
      if (!peer.isEmpty()) {
        words.put("peer", peer);
      }
      if (!prefix.isEmpty()) {
        words.put("in", prefix);
      }
      return words;
    }
  }

  @Command(
      name = "peers",
      mixinStandardHelpOptions = true,
      description = "Tell how each session is; exit status 1 if one is not established.")
  int peers(@Mixin OutputOption output, @Mixin Following following) {
    if (following.follow) {
      follow(
          new BgpFollow.Shape(
              PEER_COLUMNS,
              peer -> peer.path("name").asText(),
              BgpCommand::row,
              peer -> List.of(peer.path("state"), peer.path("families"), peer.path("bfd"))),
          () -> ask("peers", Map.of()).path("peers"),
          following,
          output);
      return 0;
    }
    JsonNode peers = ask("peers", Map.of()).path("peers");
    if (output.json()) {
      json(peers);
    } else {
      List<List<String>> rows = new ArrayList<>();
      peers.forEach(peer -> rows.add(row(peer)));
      TablePrinter.onTerminal(out()).print(PEER_COLUMNS, rows);
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
  void routes(@Mixin Within within, @Mixin OutputOption output, @Mixin Following following) {
    routes("routes", within.words(""), output, following);
  }

  @Command(
      name = "received",
      mixinStandardHelpOptions = true,
      description = "List what a peer has sent, also what was refused.")
  void received(
      @Parameters(paramLabel = "PEER") String peer,
      @Mixin Within within,
      @Mixin OutputOption output,
      @Mixin Following following) {
    routes("received", within.words(peer), output, following);
  }

  @Command(
      name = "advertised",
      mixinStandardHelpOptions = true,
      description = "List what a peer is told.")
  void advertised(
      @Parameters(paramLabel = "PEER") String peer,
      @Mixin Within within,
      @Mixin OutputOption output,
      @Mixin Following following) {
    routes("advertised", within.words(peer), output, following);
  }

  private void routes(
      String command, Map<String, String> words, OutputOption output, Following following) {
    if (following.follow) {
      follow(
          new BgpFollow.Shape(
              ROUTE_COLUMNS,
              route -> List.of(route.path("prefix"), route.path("peer"), route.path("pathId")) + "",
              BgpCommand::routeRow,
              route -> route),
          () -> ask(command, words).path("routes"),
          following,
          output);
      return;
    }
    JsonNode answer = ask(command, words);
    JsonNode routes = answer.path("routes");
    if (output.json()) {
      json(routes);
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    routes.forEach(route -> rows.add(routeRow(route)));
    TablePrinter.onTerminal(out()).print(ROUTE_COLUMNS, rows);
    if (answer.path("cut").asBoolean()) {
      out().println("and more");
    }
    out().flush();
  }

  private static List<String> routeRow(JsonNode route) {
    return List.of(
        marks(route),
        route.path("prefix").asText(),
        from(route),
        route.path("nextHop").asText(),
        route.path("asPath").asText());
  }

  /** What the best one won by, and what the others lost to. */
  private static String why(JsonNode path) {
    String why = path.path("why").asText("");
    boolean lost = !path.path("best").asBoolean() && !why.isEmpty();
    return lost ? "another has: " + why : why;
  }

  private static String from(JsonNode route) {
    String peer = route.path("peer").asText("");
    return peer.isEmpty() ? "here" : peer;
  }

  private void follow(
      BgpFollow.Shape shape, Supplier<JsonNode> ask, Following following, OutputOption output) {
    Duration interval = Duration.ofMillis((long) (Math.max(0.1, following.seconds) * 1000));
    new BgpFollow(out(), shape, output.json(), InstantSource.system()).run(ask, interval);
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
              from(path),
              path.path("importedBy").asText(),
              why(path),
              path.path("attributes").asText()));
    }
    if (paths.isEmpty()) {
      out().println("no path to " + prefix);
    } else {
      new TablePrinter(out(), 0)
          .print(List.of("", "from", "imported by", "why", "attributes"), paths);
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

  @Command(
      name = "dump",
      mixinStandardHelpOptions = true,
      description = "Write all paths that are known to a file in MRT (RFC 6396).")
  void dump(
      @Option(
              names = "--mrt",
              required = true,
              paramLabel = "FILE",
              description = "The file; - for standard output. Packed if its name ends in .gz.")
          String file) {
    try (OutputStream to = BgpMrtCommand.sink(file)) {
      refusable(
          client -> {
            client.copy("dump", Map.of(), to);
            return true;
          });
    } catch (IOException e) {
      throw new Refusal("cannot write " + file + ": " + e);
    }
  }

  @Command(
      name = "metrics",
      mixinStandardHelpOptions = true,
      description = "Tell the speaker's numbers in the format of Prometheus.")
  void metrics() {
    out().print(ask("metrics", Map.of()).path("text").asText());
    out().flush();
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
    return refusable(client -> client.ask(command, words));
  }

  private <T> T refusable(Function<BgpClient, T> question) {
    Path at = socket.find();
    try {
      return question.apply(new BgpClient(at));
    } catch (BgpClient.RefusedException e) {
      throw new Refusal(String.valueOf(e.getMessage()));
    }
  }
}
