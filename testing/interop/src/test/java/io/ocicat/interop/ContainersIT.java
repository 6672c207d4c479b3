package io.ocicat.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ocicat.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real containers on two nodes reach each other as themselves, obey policy and leave nothing. */
class ContainersIT {

  private static final int PORT = 8080;

  @TempDir static Path directory;
  private static Lab lab;
  private static Path image;

  /** How a test speaks to one container, whatever started it. */
  private interface Container {
    Shell.Result exec(String... command);

    default List<String> addresses() {
      return Arrays.stream(exec("ip", "-o", "addr", "show", "dev", "eth0").orFail().split("\n"))
          .map(line -> line.trim().split(" +")[3].replaceAll("/.*", ""))
          .filter(address -> !address.startsWith("fe80"))
          .toList();
    }

    /** Answers every connection with the container's own view of it, peer address included. */
    default void listen() {
      exec("sh", "-c", "nc -ll -p " + PORT + " -e /bin/netstat -tn >/dev/null 2>&1 &").orFail();
    }

    default Shell.Result connect(String address) {
      return exec("sh", "-c", "echo | timeout 3 nc -w 2 " + address + " " + PORT);
    }
  }

  @BeforeAll
  static void start() throws IOException {
    lab = Lab.up("containers", 2);
    image = directory.resolve("box.tar");
    BusyboxImage.write(image);
  }

  @AfterAll
  static void stop() {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void podmanContainersTalkAndObeyPolicy() throws IOException {
    List<Podman> podmans = new ArrayList<>();
    for (LabNode node : lab.nodes()) {
      Podman podman = new Podman(node, directory.resolve("podman-" + node.name()));
      podman.load(image);
      podmans.add(podman);
    }
    String network = networkName(lab.nodes().getFirst());
    podObject("podman-server");
    try {
      podmans.get(0).run("podman-server", network);
      podmans.get(1).run("podman-client", network);
      assertTalkAndObey(
          command -> podmans.get(0).exec("podman-server", command),
          command -> podmans.get(1).exec("podman-client", command));
    } finally {
      podmans.get(0).remove("podman-server");
      podmans.get(1).remove("podman-client");
    }
    assertNothingLeft();
  }

  @Test
  void containerdPodsTalkAndObeyPolicy() throws IOException, InterruptedException {
    LabNode first = lab.nodes().get(0);
    LabNode second = lab.nodes().get(1);
    podObject("cri-server");
    try (Containerd one = new Containerd(first, directory.resolve("containerd-1"));
        Containerd two = new Containerd(second, directory.resolve("containerd-2"))) {
      one.load(image);
      two.load(image);
      assertThat(one.networkReady()).isTrue();
      Containerd.Pod server = one.run("default", "cri-server");
      Containerd.Pod client = two.run("default", "cri-client");
      try {
        Container serverSide = command -> one.exec(server, command);
        assertThat(serverSide.addresses()).containsExactlyInAnyOrderElementsOf(server.addresses());
        assertTalkAndObey(serverSide, command -> two.exec(client, command));
      } finally {
        one.remove(server);
        two.remove(client);
      }
    }
    assertNothingLeft();
  }

  private static void assertTalkAndObey(Container server, Container client) throws IOException {
    server.listen();
    assertThat(server.addresses()).hasSize(2);
    for (int family = 0; family < 2; family++) {
      String peer = client.addresses().get(family);
      assertThat(client.connect(server.addresses().get(family)).orFail())
          .as("what the server saw")
          .contains(peer + ":");
    }
    Path policy = directory.resolve("policy.yaml");
    Files.writeString(
        policy,
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: closed, namespace: default}
        spec:
          podSelector: {matchLabels: {role: server}}
          policyTypes: [Ingress]
        """);
    lab.ocicat("apply", "--wait", "-f", policy.toString()).orFail();
    for (String address : server.addresses()) {
      assertThat(client.connect(address).exitCode()).as("connect to " + address).isNotZero();
    }
    lab.ocicat("delete", "-f", policy.toString()).orFail();
    assertEventuallyConnects(client, server.addresses().getFirst());
  }

  private static void assertEventuallyConnects(Container client, String address) {
    for (int attempt = 0; attempt < 10; attempt++) {
      if (client.connect(address).exitCode() == 0) {
        return;
      }
    }
    throw new AssertionError("still closed after the policy was deleted: " + address);
  }

  /** The labels of a container come from the Pod object of its name. */
  private static void podObject(String name) throws IOException {
    Path pod = directory.resolve(name + ".yaml");
    Files.writeString(
        pod,
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: default, labels: {role: server}}
        spec:
          nodeName: %s
          containers: [{name: main, image: "%s"}]
        """
            .formatted(name, lab.nodes().getFirst().name(), BusyboxImage.NAME));
    lab.ocicat("apply", "-f", pod.toString()).orFail();
  }

  private static String networkName(LabNode node) throws IOException {
    return new ObjectMapper().readTree(Files.readString(node.cniConf())).path("name").asText();
  }

  private static void assertNothingLeft() throws IOException {
    for (LabNode node : lab.nodes()) {
      String links = Shell.run(Shell.inside(node.netns(), List.of("ip", "-o", "link"))).orFail();
      assertThat(links).as("links of " + node.name()).doesNotContain(": oci");
      String table =
          Shell.run(Shell.inside(node.netns(), List.of("nft", "list", "table", "inet", "ocicat")))
              .orFail();
      assertThat(table).as("nftables of " + node.name()).doesNotContain("\"oci0");
    }
    JsonNode endpoints =
        new ObjectMapper()
            .readTree(lab.ocicat("get", "workloadendpoints", "-A", "-o", "json").orFail());
    assertThat(endpoints.path("items")).isEmpty();
  }
}
