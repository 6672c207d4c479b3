package io.ocicat.lab;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.lab.serve.Requests;
import io.ocicat.lab.serve.ServeClient;
import io.ocicat.lab.traffic.ProbeResult;
import io.ocicat.lab.traffic.Prober;
import io.ocicat.lab.traffic.Protocol;
import io.ocicat.libc.NetNamespace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Packets between the pods and nodes of a lab. */
public final class LabTraffic {
  private static final String NODE = "node:";
  private static final Duration SERVE_START = Duration.ofSeconds(20);

  private final Lab lab;
  private final LabFiles files;

  LabTraffic(Lab lab, LabFiles files) {
    this.lab = lab;
    this.files = files;
  }

  /**
   * How to try.
   *
   * @param port the destination's port; ignored for ICMP
   * @param family of the destination; empty for its first address
   */
  public record Attempt(int port, Protocol protocol, Duration timeout, Optional<IpFamily> family) {
    /** TCP to that port, one second, the first address. */
    public static Attempt tcp(int port) {
      return new Attempt(port, Protocol.TCP, Duration.ofSeconds(1), Optional.empty());
    }

    /** The same over that protocol. */
    public Attempt over(Protocol other) {
      return new Attempt(port, other, timeout, family);
    }

    /** The same to the destination's address of that family. */
    public Attempt to(IpFamily other) {
      return new Attempt(port, protocol, timeout, Optional.of(other));
    }
  }

  /**
   * Every ordered pair.
   *
   * @param pods {@code namespace/name}, sorted
   * @param rows by source, then by destination
   */
  public record Matrix(List<String> pods, List<List<ProbeResult>> rows) {
    /** Copies the lists. */
    public Matrix {
      pods = List.copyOf(pods);
      rows = rows.stream().map(List::copyOf).toList();
    }

    /** Whether every pair is allowed. */
    public boolean allAllowed() {
      return rows.stream().flatMap(List::stream).allMatch(ProbeResult::allowed);
    }
  }

  /**
   * Sends one probe.
   *
   * @param from {@code NS/POD}, {@code POD} or {@code node:NODE}
   * @param to the same, or an address
   * @throws LabException if one of them does not exist, or has no address of that family
   */
  public ProbeResult probe(String from, String to, Attempt attempt) {
    Prober.Target target =
        new Prober.Target(
            destination(to, attempt.family()),
            attempt.port(),
            attempt.protocol(),
            attempt.timeout());
    return serving().probe(List.of(new Requests.Probe(source(from), target))).getFirst();
  }

  /**
   * One of many probes.
   *
   * @param from {@code NS/POD}, {@code POD} or {@code node:NODE}
   * @param to the same, or an address
   */
  public record Probe(String from, String to, Attempt attempt) {}

  /**
   * Sends probes in parallel; the results are in the same order.
   *
   * @throws LabException if an end does not exist, or has no address of the family
   */
  public List<ProbeResult> probe(List<Probe> probes) {
    List<Requests.Probe> requests = new ArrayList<>();
    for (Probe each : probes) {
      Attempt attempt = each.attempt();
      requests.add(
          new Requests.Probe(
              source(each.from()),
              new Prober.Target(
                  destination(each.to(), attempt.family()),
                  attempt.port(),
                  attempt.protocol(),
                  attempt.timeout())));
    }
    return requests.isEmpty() ? List.of() : serving().probe(requests);
  }

  /** Probes every ordered pair of pods in parallel. */
  public Matrix matrix(Attempt attempt) {
    List<LabPod> pods = LabPods.read(files);
    List<Requests.Probe> probes = new ArrayList<>();
    for (LabPod from : pods) {
      for (LabPod to : pods) {
        IpAddress address = destination(to.title(), attempt.family());
        probes.add(
            new Requests.Probe(
                from.sandbox().netns(),
                new Prober.Target(address, attempt.port(), attempt.protocol(), attempt.timeout())));
      }
    }
    List<ProbeResult> results = probes.isEmpty() ? List.of() : serving().probe(probes);
    List<List<ProbeResult>> rows = new ArrayList<>();
    for (int row = 0; row < pods.size(); row++) {
      rows.add(results.subList(row * pods.size(), (row + 1) * pods.size()));
    }
    return new Matrix(pods.stream().map(LabPod::title).toList(), rows);
  }

  /**
   * Runs a program inside a place's namespace with this process's standard streams, and answers its
   * exit status.
   *
   * @throws LabException if there is no such program
   */
  public int exec(String place, List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    LabProcesses.unmark(builder.environment());
    try (NetNamespace namespace = NetNamespace.open(source(place))) {
      return namespace.call(builder::start).waitFor();
    } catch (IOException e) {
      throw new LabException(
          "run " + command.getFirst() + " in " + place + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("run " + command.getFirst() + " in " + place + ": interrupted", e);
    }
  }

  /** The namespace of {@code NS/POD}, {@code POD} or {@code node:NODE}. */
  public Path source(String place) {
    return place.startsWith(NODE)
        ? lab.node(place.substring(NODE.length())).netns()
        : pod(place).sandbox().netns();
  }

  private IpAddress destination(String place, Optional<IpFamily> family) {
    Optional<IpAddress> literal = IpAddress.tryParse(place);
    if (literal.isPresent()) {
      return literal.get();
    }
    List<IpAddress> addresses =
        place.startsWith(NODE)
            ? lab.node(place.substring(NODE.length())).addresses()
            : pod(place).addresses();
    return addresses.stream()
        .filter(address -> family.isEmpty() || address.family() == family.get())
        .findFirst()
        .orElseThrow(
            () ->
                new LabException(
                    "find an address of "
                        + place
                        + family.map(each -> " of family " + each).orElse("")
                        + ": it has "
                        + addresses));
  }

  private LabPod pod(String place) {
    String title = place.contains("/") ? place : "default/" + place;
    List<LabPod> pods = LabPods.read(files);
    return pods.stream()
        .filter(pod -> pod.title().equals(title))
        .findFirst()
        .orElseThrow(
            () ->
                new LabException(
                    "find pod '%s' in lab '%s': it has %s"
                        .formatted(
                            title,
                            files.name(),
                            pods.isEmpty()
                                ? "none; add one with 'ocicat lab pod add'"
                                : String.join(", ", pods.stream().map(LabPod::title).toList()))));
  }

  /** The serving process, started again if it is gone. */
  ServeClient serving() {
    ServeClient client = new ServeClient(files.supervisorSocket());
    if (!client.alive()) {
      LabStart.startServing(files);
      boolean _ =
          Waiting.until(
              SERVE_START,
              () -> client.alive() ? Optional.of(true) : Optional.empty(),
              () ->
                  new LabException(
                      "start the serving process of lab '"
                          + files.name()
                          + "': it does not answer; its log is "
                          + files.log(LabStart.SERVE)));
    }
    return client;
  }

  /** The fabric answers for the world outside, each node for itself. */
  static List<Requests> nodeResponders(LabFiles files) {
    List<Requests> requests = new ArrayList<>();
    for (String name : files.namespaces()) {
      String what = name.substring(files.netnsPrefix().length());
      if (what.equals("fabric")) {
        requests.add(
            new Requests.Answer(
                LabFiles.netns(name), "world", Fabric.WORLD, PodSpec.DEFAULT_LISTEN));
      } else if (!what.startsWith("pod.")) {
        requests.add(
            new Requests.Answer(
                LabFiles.netns(name), NODE + what, List.of(), PodSpec.DEFAULT_LISTEN));
      }
    }
    return requests;
  }
}
