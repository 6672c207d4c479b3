package io.ocicat.interop.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.inet.IpAddress;
import io.ocicat.lab.LabNode;
import io.ocicat.libc.ChildProcess;
import io.ocicat.libc.NetNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A container runtime that knows nothing but where the plugins and their configuration are.
 *
 * @param node where it runs
 * @param netns the container's, with a name
 * @param containerId the container's, which is also the pod's name
 */
record CniCall(LabNode node, Path netns, String containerId) {

  private static final ObjectMapper JSON = new ObjectMapper();

  record Answer(int exitStatus, JsonNode json) {

    List<IpAddress> addresses() {
      List<IpAddress> addresses = new ArrayList<>();
      for (JsonNode ip : json.path("ips")) {
        String text = ip.path("address").asText();
        addresses.add(IpAddress.parse(text.substring(0, text.indexOf('/'))));
      }
      return addresses;
    }
  }

  /** Calls the first plugin of the list, which is the only one that Ocicat needs. */
  Answer call(String command) {
    try {
      JsonNode list = JSON.readTree(Files.readString(node.cniConf()));
      ObjectNode configuration = list.path("plugins").path(0).deepCopy();
      configuration.put("cniVersion", newestVersion(list));
      configuration.set("name", list.path("name"));
      Path plugin = node.cniBin().resolve(configuration.path("type").asText());
      byte[] stdin = configuration.toString().getBytes(StandardCharsets.UTF_8);
      ChildProcess.Result result;
      try (NetNamespace place = NetNamespace.open(node.netns())) {
        result = place.call(() -> ChildProcess.run(plugin, environment(command), stdin));
      }
      return new Answer(result.exitStatus(), parse(result.stdout()));
    } catch (IOException e) {
      throw new UncheckedIOException(command + " of " + containerId, e);
    }
  }

  private static String newestVersion(JsonNode list) {
    String newest = list.path("cniVersion").asText();
    for (JsonNode version : list.path("cniVersions")) {
      newest = version.asText().compareTo(newest) > 0 ? version.asText() : newest;
    }
    return newest;
  }

  private static JsonNode parse(String text) throws JsonProcessingException {
    return text.isBlank() ? JSON.createObjectNode() : JSON.readTree(text);
  }

  private Map<String, String> environment(String command) {
    return Map.of(
        "CNI_COMMAND",
        command,
        "CNI_CONTAINERID",
        containerId,
        "CNI_NETNS",
        netns.toString(),
        "CNI_IFNAME",
        "eth0",
        "CNI_PATH",
        node.cniBin().toString(),
        "CNI_ARGS",
        "IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=" + containerId);
  }
}
