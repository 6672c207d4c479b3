package io.ocicat.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.client.ApiClient;
import io.ocicat.client.ApiResource;
import io.ocicat.client.Applier;
import io.ocicat.client.Discovery;
import io.ocicat.client.Documents;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.lab.Lab;
import io.ocicat.lab.LabNode;
import io.ocicat.lab.LabPods;
import io.ocicat.lab.LabSpec;
import io.ocicat.lab.LabTraffic.Attempt;
import io.ocicat.lab.LabTraffic.Matrix;
import io.ocicat.lab.PodSpec;
import io.ocicat.lab.traffic.Listen;
import io.ocicat.lab.traffic.ProbeResult;
import io.ocicat.lab.traffic.Protocol;
import io.ocicat.lab.traffic.Verdict;
import io.ocicat.libc.NetNamespace;
import io.ocicat.rtnetlink.LinkMessage;
import io.ocicat.rtnetlink.Rtnetlink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class LabIT {
  private static final String NAME = "labit";
  private static final List<Listen> PORTS =
      List.of(Listen.parse("80/tcp"), Listen.parse("80/udp"), Listen.parse("80/sctp"));
  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: only-b, namespace: default}
      spec:
        podSelector: {matchLabels: {app: a}}
        ingress: [{from: [{podSelector: {matchLabels: {app: b}}}]}]
      """;

  @AfterEach
  void down() {
    Lab.down(NAME);
  }

  @Test
  void podsReachEachOtherUntilAPolicySaysOtherwiseAndNothingIsLeftAfterwards() throws IOException {
    List<String> before = machine();
    Lab lab = Lab.up(new LabSpec(NAME, 3, LabSpec.Families.DUAL_STACK), text -> {});
    List<LabPods.Added> pods = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      pods.add(
          lab.pods()
              .add(
                  PodSpec.of("default", name)
                      .labelled(Map.of("app", name))
                      .listening(PORTS)
                      .on("node-" + (pods.size() + 1))));
    }
    for (IpFamily family : IpFamily.values()) {
      for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP)) {
        everybodySeesTheOthersOwnAddress(
            pods, lab.traffic().matrix(Attempt.tcp(80).over(protocol).to(family)), family);
      }
    }
    long revision = apply(lab);
    lab.awaitEnforced(revision, Duration.ofSeconds(20));
    Matrix cut = lab.traffic().matrix(Attempt.tcp(80));
    assertThat(cut.rows().get(2).get(0).verdict()).isEqualTo(Verdict.DROPPED);
    assertThat(cut.rows().stream().flatMap(List::stream).filter(ProbeResult::allowed)).hasSize(8);
    revision = delete(lab);
    lab.awaitEnforced(revision, Duration.ofSeconds(20));
    assertThat(lab.traffic().matrix(Attempt.tcp(80)).allAllowed()).isTrue();
    masqueradesToTheWorldOutside(lab);
    for (LabPods.Added pod : pods) {
      assertThat(lab.pods().remove(pod.namespace(), pod.name())).isTrue();
    }
    assertThat(linksOfPods(lab)).isEmpty();
    Lab.down(NAME);
    assertThat(machine()).isEqualTo(before);
    assertThat(Path.of("/run/ocicat/lab", NAME)).doesNotExist();
    assertThat(namespaces()).isEmpty();
  }

  @Test
  void downCleansUpAfterEverythingWasKilled() throws IOException {
    List<String> before = machine();
    Lab lab = Lab.up(new LabSpec(NAME, 2, LabSpec.Families.DUAL_STACK), text -> {});
    LabPods.Added _ = lab.pods().add(PodSpec.of("default", "a"));
    JsonNode description = lab.describe();
    kill(description.path("controllerPid").asLong());
    description.path("nodes").forEach(node -> kill(node.path("agentPid").asLong()));
    Lab.down(NAME);
    Lab.down(NAME);
    assertThat(machine()).isEqualTo(before);
    assertThat(Path.of("/run/ocicat/lab", NAME)).doesNotExist();
    assertThat(namespaces()).isEmpty();
  }

  @Test
  void describesItselfAsProgramsRelyOn() {
    Lab lab = Lab.up(new LabSpec(NAME, 1, LabSpec.Families.IPV6), text -> {});
    JsonNode description = lab.describe();
    assertThat(List.of("name", "kubeconfig", "api", "ui", "nodes"))
        .allMatch(field -> description.has(field));
    JsonNode node = description.path("nodes").path(0);
    assertThat(List.of("name", "netns", "address", "agentPid", "cniBin", "cniConf", "agentSocket"))
        .allMatch(field -> node.has(field));
    for (String field : List.of("netns", "cniBin", "cniConf", "agentSocket")) {
      assertThat(Path.of(node.path(field).asText())).exists();
    }
    LabPods.Added pod = lab.pods().add(PodSpec.of("default", "a"));
    assertThat(pod.addresses()).hasSize(1);
    ProbeResult v6 = lab.traffic().probe("node:node-1", "a", Attempt.tcp(80));
    assertThat(v6.peerSaw()).isEqualTo(node.path("address").asText());
  }

  private static void everybodySeesTheOthersOwnAddress(
      List<LabPods.Added> pods, Matrix matrix, IpFamily family) {
    assertThat(matrix.allAllowed()).as("%s %s", family, matrix).isTrue();
    for (int row = 0; row < pods.size(); row++) {
      String own =
          pods.get(row).addresses().stream()
              .filter(address -> address.family() == family)
              .findFirst()
              .map(IpAddress::toString)
              .orElseThrow();
      for (ProbeResult result : matrix.rows().get(row)) {
        assertThat(result.peerSaw()).isEqualTo(own);
      }
    }
  }

  private static void masqueradesToTheWorldOutside(Lab lab) {
    ProbeResult v4 = lab.traffic().probe("a", "192.0.2.1", Attempt.tcp(80));
    assertThat(v4.peerSaw()).isEqualTo(lab.node("node-1").addresses().getFirst().toString());
    ProbeResult v6 = lab.traffic().probe("a", "2001:db8::1", Attempt.tcp(80).over(Protocol.UDP));
    assertThat(v6.peerSaw()).isEqualTo(lab.node("node-1").addresses().getLast().toString());
  }

  private static long apply(Lab lab) {
    Documents.Document document = Documents.read("policy", POLICY).documents().getFirst();
    try (ApiClient api = lab.api()) {
      ApiResource resource =
          new Discovery(api).of("networking.k8s.io/v1", "NetworkPolicy").orElseThrow();
      return new Applier(api)
          .apply(resource, "default", document.content())
          .object()
          .path("metadata")
          .path("resourceVersion")
          .asLong();
    }
  }

  private static long delete(Lab lab) {
    try (ApiClient api = lab.api()) {
      String path = "/apis/networking.k8s.io/v1/namespaces/default/networkpolicies";
      JsonNode _ = api.delete(new ApiClient.Attempt("delete the policy", path + "/only-b"));
      return api.read(new ApiClient.Attempt("list policies", path))
          .path("metadata")
          .path("resourceVersion")
          .asLong();
    }
  }

  private static void kill(long pid) {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  /** What the machine's own namespace holds: links, addresses, routes. */
  private static List<String> machine() {
    try (Rtnetlink here = Rtnetlink.open()) {
      List<String> all = new ArrayList<>();
      here.links().stream().map(LinkMessage::name).forEach(all::add);
      here.addresses().forEach(address -> all.add(address.toString()));
      here.routes(0).forEach(route -> all.add(route.describe()));
      for (IpFamily family : IpFamily.values()) {
        here.rules(family).forEach(rule -> all.add(rule.toString()));
      }
      return List.copyOf(new TreeSet<>(all));
    }
  }

  private static List<String> linksOfPods(Lab lab) {
    List<String> left = new ArrayList<>();
    for (LabNode node : lab.nodes()) {
      try (NetNamespace place = NetNamespace.open(node.netns());
          Rtnetlink links = Rtnetlink.openIn(place)) {
        links.links().stream()
            .map(LinkMessage::name)
            .filter(name -> name.startsWith("oci"))
            .forEach(left::add);
      }
    }
    return left;
  }

  private static List<Path> namespaces() throws IOException {
    try (Stream<Path> names = Files.list(Path.of("/var/run/netns"))) {
      return names
          .filter(path -> path.getFileName().toString().startsWith("ocicat." + NAME + "."))
          .toList();
    }
  }
}
