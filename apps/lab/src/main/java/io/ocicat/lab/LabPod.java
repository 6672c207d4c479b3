package io.ocicat.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.lab.traffic.Listen;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A pod of a lab, as its file holds it.
 *
 * @param node the node's name
 * @param sandbox what plugins were told
 * @param listen the ports that it answers on
 * @param added what the CNI ADD came to
 */
record LabPod(
    String node, CniRuntime.Sandbox sandbox, List<Listen> listen, CniRuntime.Added added) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  LabPod {
    listen = List.copyOf(listen);
  }

  /** {@code namespace/name}. */
  String title() {
    return sandbox.namespace() + "/" + sandbox.pod();
  }

  /** Its addresses, in the order of the CNI result. */
  List<IpAddress> addresses() {
    List<IpAddress> addresses = new ArrayList<>();
    for (JsonNode ip : added.result().path("ips")) {
      String text = ip.path("address").asText();
      int slash = text.indexOf('/');
      addresses.add(IpAddress.parse(slash < 0 ? text : text.substring(0, slash)));
    }
    return addresses;
  }

  Optional<IpAddress> address(Optional<IpFamily> family) {
    return addresses().stream()
        .filter(address -> family.isEmpty() || address.family() == family.get())
        .findFirst();
  }

  void write(Path file) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("namespace", sandbox.namespace());
    node.put("pod", sandbox.pod());
    node.put("uid", sandbox.uid());
    node.put("node", this.node);
    node.put("containerId", sandbox.containerId());
    node.put("netns", sandbox.netns().toString());
    ArrayNode ports = node.putArray("listen");
    listen.forEach(each -> ports.add(each.toString()));
    node.set("configuration", added.configuration());
    node.set("result", added.result());
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.createDirectories(file.toAbsolutePath().resolveSibling(""));
      Files.writeString(fresh, node.toPrettyString());
      Files.move(fresh, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("write " + file, e);
    }
  }

  static LabPod read(Path file) {
    JsonNode node;
    try {
      node = MAPPER.readTree(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException("read " + file, e);
    }
    List<Listen> listen = new ArrayList<>();
    node.path("listen").forEach(each -> listen.add(Listen.parse(each.asText())));
    return new LabPod(
        node.path("node").asText(),
        new CniRuntime.Sandbox(
            node.path("containerId").asText(),
            Path.of(node.path("netns").asText()),
            node.path("namespace").asText(),
            node.path("pod").asText(),
            node.path("uid").asText()),
        listen,
        new CniRuntime.Added(node.path("configuration"), node.path("result")));
  }
}
