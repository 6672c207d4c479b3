package io.ocicat.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.cli.OutputOption;
import io.ocicat.cli.TablePrinter;
import io.ocicat.cli.explain.ExplainCommand;
import io.ocicat.client.ApiClient;
import io.ocicat.client.Kubeconfig;
import io.ocicat.lab.Program;
import io.ocicat.policy.Flow;
import io.ocicat.policy.PolicyPod;
import io.ocicat.policy.explain.ClusterDocuments;
import io.ocicat.policy.explain.Explained;
import io.ocicat.policy.explain.Question;
import io.ocicat.policy.explain.Remedies;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ocicat bench explain}: how long a person waits for an answer. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = {
      "Measure 'ocicat explain' in a big cluster.",
      "",
      "A controller of its own gets the documents of the cluster through its API. Measured are the"
          + " command as people run it, with the start of its process, the same again and again in"
          + " one process, and the calculation alone, over all policies and with the search for"
          + " changes that would allow what is denied."
    })
final class ExplainBenchCommand implements Callable<Integer> {

  private static final Duration READY_WITHIN = Duration.ofSeconds(30);

  @Option(
      names = "--endpoints",
      defaultValue = "10000",
      description = "Pods of the cluster (default: ${DEFAULT-VALUE}).")
  private int endpoints = 10_000;

  @Option(
      names = "--policies",
      defaultValue = "1000",
      description = "Policies, half of them global (default: ${DEFAULT-VALUE}).")
  private int policies = 1000;

  @Option(
      names = "--rounds",
      defaultValue = "20",
      description = "Flows that are explained (default: ${DEFAULT-VALUE}).")
  private int rounds = 20;

  @Mixin private OutputOption output = new OutputOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (endpoints < 2000
        || endpoints > 100_000
        || policies < 1
        || policies > 10_000
        || rounds < 1) {
      spec.commandLine()
          .getErr()
          .println(
              "ocicat: --endpoints takes 2000 to 100000, --policies 1 to 10000, --rounds 1 on");
      return 2;
    }
    ExplainWorld world = new ExplainWorld(new PolicyWorld(endpoints, policies));
    Path directory = Files.createTempDirectory("ocicat-bench-");
    Map<String, Distribution> measured = new LinkedHashMap<>();
    Process controller = startController(directory);
    try {
      Path kubeconfig = directory.resolve("kubeconfig");
      await(kubeconfig, controller);
      tell("creating %,d pods and %,d policies".formatted(endpoints, policies));
      try (ApiClient api = new ApiClient(Kubeconfig.read(List.of(kubeconfig)))) {
        world.create(api);
      }
      tell("asking");
      // The first of each warms up the controller, or this JVM.
      IntFunction<List<String>> words =
          i -> words(world.world().pod(pod(2 * i + 1)), world.world().pod(pod(2 * i)), kubeconfig);
      measured.put("'ocicat version', to compare", measure(_ -> run("version", List.of())));
      measured.put(
          "the command, process start included", measure(i -> run("explain", words.apply(i))));
      measured.put("the command in a warm process", measure(i -> inProcess(words.apply(i))));
    } finally {
      controller.destroy();
      controller.waitFor();
      delete(directory);
    }
    ClusterDocuments documents = documents(world);
    measured.put("the calculation alone, warm", measure(i -> calculate(documents, world, i)));
    print(measured);
    return 0;
  }

  private static Process startController(Path directory) throws IOException {
    Path configuration =
        Files.writeString(
            directory.resolve("controller.yaml"),
            """
            stateDir: controller
            apiListen: 127.0.0.1:0
            syncListen: 127.0.0.1:0
            kubeconfigFile: kubeconfig
            joinTokenFile: join-token
            """);
    List<String> command = new ArrayList<>(Program.command());
    command.addAll(List.of("controller", "--config", configuration.toString()));
    File log = directory.resolve("log").toFile();
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
  }

  private static void await(Path kubeconfig, Process controller) throws InterruptedException {
    long endNs = System.nanoTime() + READY_WITHIN.toNanos();
    while (!Files.exists(kubeconfig)) {
      if (!controller.isAlive() || System.nanoTime() > endNs) {
        throw new IllegalStateException("the controller did not come up");
      }
      Thread.sleep(Duration.ofMillis(20));
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.toList().reversed()) {
        Files.delete(each);
      }
    }
  }

  /** The first is not counted. */
  private Distribution measure(IntConsumer work) {
    long[] durationsNs = new long[rounds];
    for (int i = -1; i < rounds; i++) {
      long start = System.nanoTime();
      work.accept(i + 1);
      if (i >= 0) {
        durationsNs[i] = System.nanoTime() - start;
      }
    }
    return Distribution.of(durationsNs);
  }

  /** All over the cluster. */
  private int pod(int number) {
    return (int) ((long) number * 7919 % endpoints);
  }

  private static List<String> words(PolicyPod from, PolicyPod to, Path kubeconfig) {
    return List.of(
        "--kubeconfig",
        kubeconfig.toString(),
        "--from",
        from.name().toString(),
        "--to",
        to.name().toString(),
        "--port",
        String.valueOf(ExplainWorld.PORT));
  }

  private static void run(String name, List<String> words) {
    List<String> command = new ArrayList<>(Program.command());
    command.add(name);
    command.addAll(words);
    try {
      int status =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start()
              .waitFor();
      if (status != 0) {
        throw new IllegalStateException("no answer to " + command);
      }
    } catch (IOException e) {
      throw new IllegalStateException("cannot start " + command, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking", e);
    }
  }

  private static void inProcess(List<String> words) {
    CommandLine line = new CommandLine(new ExplainCommand());
    line.setOut(new PrintWriter(Writer.nullWriter()));
    StringWriter err = new StringWriter();
    line.setErr(new PrintWriter(err));
    int status = line.execute(words.toArray(String[]::new));
    if (status != 0) {
      throw new IllegalStateException("no answer to explain " + words + ": " + err);
    }
  }

  private ClusterDocuments documents(ExplainWorld world) {
    ClusterDocuments documents = new ClusterDocuments();
    for (int i = 0; i < world.world().namespaces(); i++) {
      boolean _ = documents.put(ExplainWorld.namespace(i).document());
    }
    for (int i = 0; i < policies; i++) {
      boolean _ = documents.put(world.policy(i).document());
    }
    return documents;
  }

  private void calculate(ClusterDocuments policiesAlone, ExplainWorld world, int round) {
    int from = pod(2 * round + 1);
    int to = pod(2 * round);
    ClusterDocuments documents = policiesAlone.copy();
    for (int index : List.of(from, to)) {
      boolean _ = documents.put(world.pod(index).document());
    }
    Question question =
        new Question(
            Flow.between(
                world.world().pod(from).addresses().getFirst(),
                world.world().pod(to).addresses().getFirst(),
                Flow.Traffic.tcp(ExplainWorld.PORT)));
    Explained explained = Explained.of(documents, question);
    if (Remedies.find(documents, question, explained, 3).isEmpty()
        != explained.explanation().isAllowed()) {
      throw new IllegalStateException("no change allows " + question);
    }
  }

  private void print(Map<String, Distribution> measured) {
    PrintWriter out = spec.commandLine().getOut();
    Machine machine = Machine.here();
    if (output.json()) {
      ObjectNode root = new JsonMapper().createObjectNode();
      machine.write(root);
      root.put("endpoints", endpoints).put("policies", policies);
      measured.forEach(
          (name, each) ->
              root.withArray("/explained")
                  .addObject()
                  .put("what", name)
                  .put("times", each.count())
                  .put("p50Ms", each.percentileMs(0.5))
                  .put("p99Ms", each.percentileMs(0.99)));
      out.println(root.toPrettyString());
    } else {
      out.println(machine);
      out.println();
      out.printf("'ocicat explain' with %,d pods and %,d policies%n", endpoints, policies);
      List<List<String>> rows = new ArrayList<>();
      measured.forEach(
          (name, each) ->
              rows.add(
                  List.of(
                      name,
                      Integer.toString(each.count()),
                      number(each.percentileMs(0.5)),
                      number(each.percentileMs(0.99)))));
      new TablePrinter(out, 0).print(List.of("what", "times", "p50 ms", "p99 ms"), rows);
    }
    out.flush();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private void tell(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }
}
