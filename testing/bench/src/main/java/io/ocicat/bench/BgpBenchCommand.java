package io.ocicat.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.ocicat.bench.BgpReport.Part;
import io.ocicat.bench.BgpReport.Row;
import io.ocicat.cli.OutputOption;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ocicat bench bgp}: tables through our speaker and through others'. */
@Command(
    name = "bgp",
    mixinStandardHelpOptions = true,
    description = {
      "Measure the BGP speaker beside BIRD, FRR, OpenBGPD and GoBGP.",
      "",
      "Each speaker that is installed runs alone in a network namespace, with all its neighbours in"
          + " another: bgpfeed, which feeds routes, waits for them and checks what comes back, or"
          + " 200 sessions with a handful of routes each. No speaker puts routes into the kernel."
          + " 'ocicat, warm' is the second table through the same process. Needs root."
    })
final class BgpBenchCommand implements Callable<Integer> {

  private static final String SESSIONS = "sessions";
  private static final int LONGEST_RUN_SECONDS = 900;
  private static final int SETTLE_MS = 1500;

  @Option(
      names = "--bgpfeed",
      paramLabel = "FILE",
      description = "The load generator (default: bgpfeed in PATH).")
  private String bgpfeed = "";

  @Option(
      names = "--speakers",
      split = ",",
      paramLabel = "NAME",
      description = "ocicat, bird, frr, openbgpd, gobgp (default: all that are installed).")
  private List<String> speakers = List.of();

  @Option(
      names = "--scenarios",
      split = ",",
      paramLabel = "NAME",
      description = "Those whose names begin so (default: all).")
  private List<String> scenarios = List.of("");

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "Runs of each, of which the median counts (default: ${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Mixin private OutputOption output = new OutputOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    List<BgpScenario> chosen = BgpScenario.ALL.stream().filter(s -> wanted(s.name())).toList();
    Optional<Path> feeder = feeder();
    List<String> unknown =
        speakers.stream()
            .filter(s -> Arrays.stream(BgpContender.values()).noneMatch(c -> named(c, s)))
            .toList();
    String problem =
        !unknown.isEmpty()
            ? "no speaker is called " + String.join(", ", unknown)
            : chosen.isEmpty() && !wanted(SESSIONS)
                ? "no scenario begins so; there are %s and %s"
                    .formatted(
                        BgpScenario.ALL.stream()
                            .map(BgpScenario::name)
                            .collect(Collectors.joining(", ")),
                        SESSIONS)
                : !chosen.isEmpty() && feeder.isEmpty()
                    ? "there is no bgpfeed in PATH: say where it is with --bgpfeed FILE"
                    : rounds < 1 ? "--rounds takes 1 on" : "";
    if (!problem.isEmpty()) {
      err.println("ocicat: " + problem);
      return 2;
    }
    List<Part> parts = new ArrayList<>();
    for (BgpScenario scenario : chosen) {
      parts.add(new Part(scenario.name(), scenario.title(), feed(scenario, feeder.orElseThrow())));
    }
    if (wanted(SESSIONS)) {
      String title =
          "%d neighbours with %d routes each".formatted(BgpSessions.SESSIONS, BgpNeighbour.ROUTES);
      parts.add(new Part(SESSIONS, title, sessions()));
    }
    BgpReport report = new BgpReport(Machine.here(), rounds, parts);
    PrintWriter out = spec.commandLine().getOut();
    if (output.json()) {
      report.printJson(out);
    } else {
      report.printTable(out, 0);
    }
    return 0;
  }

  private boolean wanted(String scenario) {
    return scenarios.stream().anyMatch(scenario::startsWith);
  }

  private static boolean named(BgpContender contender, String name) {
    return contender.name().equals(name.toUpperCase(Locale.ROOT));
  }

  private Optional<Path> feeder() {
    if (!bgpfeed.isEmpty()) {
      return Optional.of(Path.of(bgpfeed)).filter(Files::isExecutable);
    }
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(directory -> Path.of(directory, "bgpfeed"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private List<BgpContender> contenders() {
    return Arrays.stream(BgpContender.values())
        .filter(c -> speakers.isEmpty() || speakers.stream().anyMatch(s -> named(c, s)))
        .toList();
  }

  /** What is done with a speaker once. */
  @FunctionalInterface
  private interface Run {
    /** Figures by the name that they are told under. */
    Map<String, BgpFigures> once(BgpContender contender) throws IOException, InterruptedException;
  }

  private List<Row> feed(BgpScenario scenario, Path feeder) throws InterruptedException {
    return measure(
        scenario.name(),
        contender -> {
          if (scenario.tooMuchFor(contender)) {
            throw new IllegalStateException("left out: it would take minutes");
          }
          Map<String, BgpFigures> figures = new LinkedHashMap<>();
          try (BgpField field = new BgpField();
              BgpSubject subject = new BgpSubject(field, contender, BgpScenario.NEIGHBOURS)) {
            Thread.sleep(SETTLE_MS);
            figures.put(contender.toString(), feed(scenario, feeder, field, subject));
            if (contender == BgpContender.OCICAT) {
              figures.put(contender + ", warm", feed(scenario, feeder, field, subject));
            }
          }
          return figures;
        });
  }

  private List<Row> sessions() throws InterruptedException {
    return measure(
        SESSIONS,
        contender -> {
          try (BgpField field = new BgpField()) {
            return Map.of(contender.toString(), BgpSessions.measure(field, contender));
          }
        });
  }

  private List<Row> measure(String scenario, Run run) throws InterruptedException {
    List<Row> rows = new ArrayList<>();
    for (BgpContender contender : contenders()) {
      Optional<String> missing = contender.missing();
      if (missing.isPresent()) {
        rows.add(new Row(contender.toString(), new BgpFigures(Map.of()), missing.get()));
        continue;
      }
      Map<String, List<BgpFigures>> all = new LinkedHashMap<>();
      try {
        for (int round = 0; round < rounds; round++) {
          tell("%s: %s, %d of %d".formatted(scenario, contender, round + 1, rounds));
          run.once(contender)
              .forEach((name, f) -> all.computeIfAbsent(name, _ -> new ArrayList<>()).add(f));
        }
        all.forEach((name, runs) -> rows.add(new Row(name, BgpFigures.median(runs), "")));
      } catch (IOException | IllegalStateException e) {
        rows.add(
            new Row(
                contender.toString(), new BgpFigures(Map.of()), String.valueOf(e.getMessage())));
      }
    }
    return rows;
  }

  private static BgpFigures feed(
      BgpScenario scenario, Path feeder, BgpField field, BgpSubject subject)
      throws IOException, InterruptedException {
    subject.check();
    List<String> command = new ArrayList<>(List.of(feeder.toString()));
    command.addAll(scenario.words(subject.pids()));
    Path said = Files.createTempFile("ocicat-bench-", ".json");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectOutput(said.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD);
      Process process = field.neighbours.call(builder::start);
      if (!process.waitFor(LONGEST_RUN_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new IllegalStateException("no end after %d s".formatted(LONGEST_RUN_SECONDS));
      }
      JsonNode answer = new JsonMapper().readTree(said.toFile());
      if (!answer.has("load")) {
        throw new IllegalStateException(
            "bgpfeed ended with status %d and no answer".formatted(process.exitValue()));
      }
      return BgpFigures.of(scenario, answer);
    } finally {
      Files.delete(said);
    }
  }

  private void tell(String what) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("ocicat: " + what);
    err.flush();
  }
}
