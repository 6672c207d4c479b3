package io.ocicat.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.libc.ChildProcess;
import io.ocicat.libc.NetNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Calls CNI plugins as a container runtime on a node does: CNI specification 1.1.0, sections 2 to
 * 4.
 *
 * @param netns the node's namespace, in which plugins run
 * @param confDirectory where the network configuration is looked for
 * @param binDirectory where plugins are
 */
public record CniRuntime(Path netns, Path confDirectory, Path binDirectory) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String IFNAME = "eth0";

  /**
   * A pod as plugins are told of it.
   *
   * @param containerId the sandbox's id
   * @param netns the sandbox's namespace
   */
  public record Sandbox(String containerId, Path netns, String namespace, String pod, String uid) {}

  /**
   * What an ADD came to, with all that its DEL needs.
   *
   * @param configuration the network configuration list that was used
   * @param result the last plugin's result
   */
  public record Added(JsonNode configuration, JsonNode result) {}

  /** Whether there is a configuration yet. */
  public boolean configured() {
    return !configurations().isEmpty();
  }

  /**
   * Adds the pod to the node's network. After a failure it is removed again.
   *
   * @throws LabException if there is no configuration, or a plugin refuses
   */
  public Added add(Sandbox sandbox) {
    JsonNode configuration = configuration();
    JsonNode result = JsonNodeFactory.instance.missingNode();
    for (JsonNode plugin : configuration.path("plugins")) {
      try {
        result = call("ADD", sandbox, configuration, plugin, result);
      } catch (LabException e) {
        try {
          del(sandbox, new Added(configuration, result));
        } catch (LabException second) {
          e.addSuppressed(second);
        }
        throw e;
      }
    }
    return new Added(configuration, result);
  }

  /** Removes the pod from the network; plugins in the order opposite to ADD. */
  public void del(Sandbox sandbox, Added added) {
    List<JsonNode> plugins = new ArrayList<>();
    added.configuration().path("plugins").forEach(plugins::add);
    for (JsonNode plugin : plugins.reversed()) {
      JsonNode _ = call("DEL", sandbox, added.configuration(), plugin, added.result());
    }
  }

  /** The lexicographically first configuration wins, as in every runtime. */
  private JsonNode configuration() {
    List<Path> found = configurations();
    if (found.isEmpty()) {
      throw new LabException(
          "read the network configuration in "
              + confDirectory
              + ": there is none; the agent writes it when it can serve, so look at its log");
    }
    Path file = found.getFirst();
    try {
      JsonNode document = MAPPER.readTree(Files.readString(file));
      if (document.has("plugins")) {
        return document;
      }
      ObjectNode list = JsonNodeFactory.instance.objectNode();
      list.set("cniVersion", document.path("cniVersion"));
      list.set("name", document.path("name"));
      list.putArray("plugins").add(document);
      return list;
    } catch (IOException e) {
      throw new UncheckedIOException("read the network configuration " + file, e);
    }
  }

  private List<Path> configurations() {
    if (!Files.isDirectory(confDirectory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(confDirectory)) {
      return files
          .filter(file -> file.toString().matches(".*\\.(conflist|conf|json)"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("list " + confDirectory, e);
    }
  }

  private JsonNode call(
      String command, Sandbox sandbox, JsonNode list, JsonNode plugin, JsonNode previous) {
    String type = plugin.path("type").asText();
    Path executable = binDirectory.resolve(type);
    String attempt =
        "CNI " + command + " of " + sandbox.namespace() + "/" + sandbox.pod() + " by " + executable;
    if (!Files.isExecutable(executable)) {
      throw new LabException(attempt + ": there is no such program");
    }
    ObjectNode configuration = plugin.deepCopy();
    configuration.set("cniVersion", list.path("cniVersion"));
    configuration.set("name", list.path("name"));
    if (!previous.isMissingNode()) {
      configuration.set("prevResult", previous);
    }
    byte[] stdin = configuration.toString().getBytes(StandardCharsets.UTF_8);
    ChildProcess.Result ended;
    try (NetNamespace node = NetNamespace.open(netns)) {
      ended = node.call(() -> ChildProcess.run(executable, environment(command, sandbox), stdin));
    }
    JsonNode answer = parse(ended.stdout());
    if (ended.exitStatus() != 0) {
      String message =
          answer.path("msg").asText("exit status " + ended.exitStatus() + " " + ended.stdout());
      String details = answer.path("details").asText("");
      throw new LabException(
          attempt
              + ": "
              + (answer.has("code") ? "error " + answer.path("code").asText() + ", " : "")
              + message
              + (details.isEmpty() ? "" : " (" + details + ")"));
    }
    return answer;
  }

  private Map<String, String> environment(String command, Sandbox sandbox) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("CNI_COMMAND", command);
    environment.put("CNI_CONTAINERID", sandbox.containerId());
    environment.put("CNI_NETNS", sandbox.netns().toString());
    environment.put("CNI_IFNAME", IFNAME);
    environment.put("CNI_PATH", binDirectory.toString());
    environment.put(
        "CNI_ARGS",
        String.join(
            ";",
            "IgnoreUnknown=1",
            "K8S_POD_NAMESPACE=" + sandbox.namespace(),
            "K8S_POD_NAME=" + sandbox.pod(),
            "K8S_POD_INFRA_CONTAINER_ID=" + sandbox.containerId(),
            "K8S_POD_UID=" + sandbox.uid()));
    environment.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    return environment;
  }

  private static JsonNode parse(String text) {
    try {
      return text.isBlank() ? JsonNodeFactory.instance.missingNode() : MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      return JsonNodeFactory.instance.missingNode();
    }
  }
}
