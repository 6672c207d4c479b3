package io.ocicat.routers.matrix;

import io.ocicat.routers.matrix.Task.Knob;
import io.ocicat.testkit.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A router of somebody else's, at 10.98.0.2 and fd98::2, with us at .1 and ::1.
 *
 * <p>It originates {@value #ROUTE} and {@value #ROUTE6} with the communities 65010:20, rt:65010:20
 * and 65010:1:20. One of a kind may be asked for what it cannot do; it then throws {@link
 * NotApplicable}.
 */
abstract class BgpRouter {

  static final String ROUTE = "10.20.0.0/24";
  static final String ROUTE6 = "fd20::/64";
  static final String FLAPPING = "10.21.0.0/24";

  private static final int LAST_CHARACTERS = 3000;

  final Path directory;
  private final String namespace;
  private final List<Process> processes = new ArrayList<>();

  BgpRouter(Path directory, String namespace) {
    this.directory = directory;
    this.namespace = namespace;
  }

  /** Writes its configuration, and starts it by {@link #run}. */
  abstract void start(Task task) throws IOException, InterruptedException;

  /** The routes that it has from us and others, with their attributes, in its own words. */
  abstract String learned();

  /** What it tells of a prefix, each path of it with its attributes. */
  abstract String details(String prefix);

  /** How many paths of an IPv4 prefix it knows. */
  abstract int paths(String prefix);

  /** Has it ask us for our routes again. */
  abstract void refresh();

  /** {@value #FLAPPING} comes or goes. */
  abstract void flap(boolean there);

  /** Has it end the session for good, and tell us why in these words. */
  abstract void shutDown(String text);

  /** What it tells of its session with us. */
  abstract String session();

  /** What its routes cannot have by configuration, when the session is established. */
  void established() {}

  final void run(String... command) throws IOException {
    processes.add(
        new ProcessBuilder(inside(List.of(command)))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start());
  }

  final Path log() {
    return directory.resolve("router.log");
  }

  final String logged() {
    try {
      return Files.exists(log()) ? Files.readString(log()) : "";
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + log(), e);
    }
  }

  /** The end of what it tells of its session and has logged. */
  final String lastWords() {
    String all = session();
    return all.substring(Math.max(0, all.length() - LAST_CHARACTERS));
  }

  /** Whether what was started runs still. */
  final boolean isAlive() {
    return processes.stream().allMatch(Process::isAlive);
  }

  /** As kill -9: it says nothing, and its kernel ends its connections. */
  void kill() throws InterruptedException {
    for (Process process : processes) {
      List<ProcessHandle> children = process.descendants().toList();
      process.destroyForcibly().waitFor();
      children.forEach(ProcessHandle::destroyForcibly);
    }
    processes.clear();
  }

  final void stop() throws InterruptedException {
    processes.forEach(Process::destroy);
    for (Process process : processes) {
      boolean _ = process.waitFor(2, TimeUnit.SECONDS);
    }
    kill();
  }

  final Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  final Path at(String name) {
    return directory.resolve(name);
  }

  private List<String> inside(List<String> command) {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    all.addAll(command);
    return all;
  }

  final String ask(String... command) {
    Shell.Result result = Shell.run(inside(List.of(command)));
    return result.stdout() + result.stderr();
  }

  final void tell(String... command) {
    String _ = Shell.run(inside(List.of(command))).orFail();
  }

  static int count(String text, String part) {
    return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
  }

  /** 1200 communities: 4800 octets. */
  static List<String> longCommunities(Task task) {
    List<String> all = new ArrayList<>();
    for (int i = 0; task.has(Knob.LONG) && i < 1200; i++) {
      all.add("65011:" + i);
    }
    return all;
  }
}
