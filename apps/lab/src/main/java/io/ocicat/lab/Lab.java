package io.ocicat.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.client.ApiClient;
import io.ocicat.client.Kubeconfig;
import io.ocicat.inet.IpAddress;
import io.ocicat.lab.serve.Requests;
import io.ocicat.lab.serve.ServeServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A lab that is up. */
public final class Lab {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final LabFiles files;
  private final List<LabNode> nodes;

  Lab(LabFiles files, List<LabNode> nodes) {
    this.files = files;
    this.nodes = List.copyOf(nodes);
  }

  /**
   * Brings a lab up; returns when every node is ready. On failure everything is removed again, but
   * for the logs, whose ends the exception quotes.
   *
   * @throws LabException if it is up already, or does not come up
   */
  public static Lab up(LabSpec spec, Progress progress) {
    LabFiles files = new LabFiles(spec.name());
    try (LabLock _ = LabLock.take(files)) {
      if (!new LabProcesses(files).living().isEmpty()) {
        throw new LabException(
            "bring up lab '%s': processes of it run; take it down with 'ocicat lab down %s', or choose another name"
                .formatted(spec.name(), spec.name()));
      }
      Remains.remove(files);
      return new LabStart(spec, files, progress).run();
    }
  }

  /**
   * Removes all of a lab, also one that was killed or came up half; does nothing if there is none.
   */
  public static void down(String name) {
    LabSpec.checkName(name);
    LabFiles files = new LabFiles(name);
    try (LabLock _ = LabLock.take(files)) {
      Remains.remove(files);
    }
  }

  /** The labs there are, also those that came up half. */
  public static List<String> names() {
    return LabFiles.labs();
  }

  /**
   * The lab of that name; without a name the only one.
   *
   * @throws LabException if there is none, or several and no name
   */
  public static Lab attach(Optional<String> name) {
    List<String> labs = names();
    if (name.isEmpty() && labs.size() > 1) {
      throw new LabException(
          "choose a lab: there are several (" + String.join(", ", labs) + "); name one with --lab");
    }
    if (name.isEmpty() && labs.isEmpty()) {
      throw new LabException("find a lab: none is up; start one with 'ocicat lab up'");
    }
    LabFiles files = new LabFiles(name.orElseGet(labs::getFirst));
    if (!Files.exists(files.description())) {
      throw new LabException(
          "find lab '%s': it is not up; start it with 'ocicat lab up %s'"
              .formatted(files.name(), files.name()));
    }
    try {
      return new Lab(files, readNodes(MAPPER.readTree(Files.readString(files.description()))));
    } catch (IOException e) {
      throw new UncheckedIOException("read " + files.description(), e);
    }
  }

  /** Its name. */
  public String name() {
    return files.name();
  }

  /** Its nodes, by number. */
  public List<LabNode> nodes() {
    return nodes;
  }

  /**
   * The node of that name.
   *
   * @throws LabException if there is none
   */
  public LabNode node(String name) {
    return nodes.stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new LabException(
                    "find node '%s' in lab '%s': it has %s"
                        .formatted(
                            name,
                            files.name(),
                            String.join(", ", nodes.stream().map(LabNode::name).toList()))));
  }

  /** For every client of the Kubernetes API. */
  public Path kubeconfig() {
    return files.kubeconfig();
  }

  /** A client of its API, to be closed. */
  public ApiClient api() {
    return new ApiClient(Kubeconfig.read(List.of(files.kubeconfig())));
  }

  /**
   * Returns when every ready node enforces that revision of the store.
   *
   * @throws LabException after {@code limit}
   */
  public void awaitEnforced(long revision, Duration limit) {
    try (ApiClient api = api()) {
      boolean _ =
          Waiting.until(
              limit,
              () ->
                  ClusterStatus.read(api).reached(revision) ? Optional.of(true) : Optional.empty(),
              () ->
                  new LabException(
                      "wait until every node enforces revision %d: not after %d s; 'ocicat node status' tells which lag"
                          .formatted(revision, limit.toSeconds())));
    }
  }

  /**
   * Starts the agent of a node as when the lab came up, after that agent has ended; does not wait.
   *
   * @throws LabException if it lives
   */
  public void startAgent(LabNode node) {
    requireEnded(node.name());
    LabStart.startAgent(files, node);
  }

  /**
   * Starts the controller as when the lab came up, after it has ended; does not wait.
   *
   * @throws LabException if it lives
   */
  public void startController() {
    requireEnded(LabStart.CONTROLLER);
    LabStart.startController(files);
  }

  private void requireEnded(String role) {
    new LabProcesses(files)
        .living(role)
        .ifPresent(
            living -> {
              throw new LabException(
                  "start '%s' of lab '%s': it runs, its process id is %d"
                      .formatted(role, files.name(), living.pid()));
            });
  }

  /** Its pods. */
  public LabPods pods() {
    return new LabPods(this, files);
  }

  /** Packets between its pods and nodes. */
  public LabTraffic traffic() {
    return new LabTraffic(this, files);
  }

  /** The document that {@code lab up -o json} prints. */
  public ObjectNode describe() {
    String api = Kubeconfig.read(List.of(files.kubeconfig())).server().toString();
    LabProcesses processes = new LabProcesses(files);
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("name", files.name());
    document.put("kubeconfig", files.kubeconfig().toString());
    document.put("api", api);
    // Until the controller serves pages.
    document.put("ui", "");
    processes
        .living(LabStart.CONTROLLER)
        .ifPresent(handle -> document.put("controllerPid", handle.pid()));
    processes.living(LabStart.SERVE).ifPresent(handle -> document.put("servePid", handle.pid()));
    ArrayNode array = document.putArray("nodes");
    for (LabNode node : nodes) {
      ObjectNode each = array.addObject();
      each.put("name", node.name());
      each.put("netns", node.netns().toString());
      each.put("address", node.addresses().getFirst().toString());
      ArrayNode addresses = each.putArray("addresses");
      node.addresses().forEach(address -> addresses.add(address.toString()));
      processes.living(node.name()).ifPresent(handle -> each.put("agentPid", handle.pid()));
      each.put("cniBin", node.cniBin().toString());
      each.put("cniConf", node.cniConf().toString());
      each.put("agentSocket", node.agentSocket().toString());
      each.put("directory", node.directory().toString());
    }
    return document;
  }

  private static List<LabNode> readNodes(JsonNode description) {
    List<LabNode> nodes = new ArrayList<>();
    for (JsonNode node : description.path("nodes")) {
      List<IpAddress> addresses = new ArrayList<>();
      node.path("addresses").forEach(text -> addresses.add(IpAddress.parse(text.asText())));
      nodes.add(
          new LabNode(
              node.path("name").asText(),
              Path.of(node.path("netns").asText()),
              addresses,
              Path.of(node.path("directory").asText())));
    }
    return nodes;
  }

  /** What {@code ocicat lab serve} does, until it is killed. */
  public static void serve(String name) {
    LabFiles files = new LabFiles(name);
    try (ServeServer server = ServeServer.open(files.supervisorSocket(), new SecureRandom())) {
      ObjectNode unanswered = JsonNodeFactory.instance.objectNode();
      LabTraffic.nodeResponders(files).forEach(each -> server.carryOut(each, unanswered));
      for (LabPod pod : LabPods.read(files)) {
        try {
          server.carryOut(
              new Requests.Answer(pod.sandbox().netns(), pod.title(), List.of(), pod.listen()),
              unanswered);
        } catch (RuntimeException e) {
          // One pod whose namespace is gone does not silence the others.
          System.err.println("answer for " + pod.title() + ": " + e.getMessage());
        }
      }
      server.run();
    } catch (IOException e) {
      throw new UncheckedIOException("serve lab '" + name + "'", e);
    }
  }
}
