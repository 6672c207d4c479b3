package io.ocicat.model;

import static io.ocicat.model.Documents.document;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.Pod.ContainerPort;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodTest {
  @Test
  void readsWhatTheNetworkNeeds() {
    Pod pod =
        read(
            """
            {spec: {nodeName: 'node-1', serviceAccountName: 'robot',
               containers: [{name: 'a', ports: [{name: 'http', containerPort: 80}, {containerPort: 53, protocol: 'UDP'}]}],
               initContainers: [{name: 'b', ports: [{name: 'mesh', containerPort: 9, protocol: 'SCTP'}]}]},
             status: {phase: 'Running', podIP: '10.0.0.1', podIPs: [{ip: '10.0.0.1'}, {ip: 'fd00::1'}]}}
            """);
    assertThat(pod.nodeName()).isEqualTo("node-1");
    assertThat(pod.serviceAccountName()).isEqualTo("robot");
    assertThat(pod.ports())
        .containsExactly(
            new ContainerPort("http", Protocol.TCP, 80),
            new ContainerPort("", Protocol.UDP, 53),
            new ContainerPort("mesh", Protocol.SCTP, 9));
    assertThat(pod.addresses())
        .containsExactly(IpAddress.parse("10.0.0.1"), IpAddress.parse("fd00::1"));
    assertThat(pod.isOnPodNetwork()).isTrue();
  }

  @Test
  void aBarePodIsPendingWithTheDefaultAccount() {
    Pod pod = read("{}");
    assertThat(pod.phase()).isEqualTo(Pod.Phase.PENDING);
    assertThat(pod.serviceAccountName()).isEqualTo("default");
    assertThat(pod.nodeName()).isEmpty();
    assertThat(pod.isOnPodNetwork()).isTrue();
  }

  @Test
  void aNodeIsReachedWhereItsAgentFoundItAndHasItsRanges() {
    ObjectNode document =
        document(
            Kinds.NODE,
            "n1",
            """
                {spec: {podCIDRs: ['10.244.1.0/24', 'fd00:1::/64', 'x'], podCIDR: '10.244.1.0/24'},
                 status: {addresses: [{type: 'InternalIP', address: '192.0.2.1'},
                                      {type: 'InternalIP', address: '2001:db8::1'}]}}
                """);
    assertThat(Node.read(document).internalAddresses())
        .containsExactly(IpAddress.parse("192.0.2.1"), IpAddress.parse("2001:db8::1"));
    assertThat(Node.read(document).podCidrs())
        .containsExactly(Cidr.parse("10.244.1.0/24"), Cidr.parse("fd00:1::/64"));
    document
        .withObject("/metadata")
        .withObject("/annotations")
        .put("projectcalico.org/IPv4Address", "198.51.100.1/32");
    assertThat(Node.read(document).internalAddresses())
        .containsExactly(IpAddress.parse("198.51.100.1"), IpAddress.parse("2001:db8::1"));
  }

  @Test
  void endedAndHostNetworkPodsHaveNoAddressOfTheirOwn() {
    assertThat(read("{status: {phase: 'Succeeded'}}").isOnPodNetwork()).isFalse();
    assertThat(read("{status: {phase: 'Failed'}}").isOnPodNetwork()).isFalse();
    assertThat(read("{spec: {hostNetwork: true}}").isOnPodNetwork()).isFalse();
  }

  @Test
  void leavesOutWhatItCannotRead() {
    Pod pod =
        read(
            """
            {spec: {containers: [{ports: [{containerPort: 'x'}, {containerPort: 0}, {containerPort: 1, protocol: 'ICMP'}]}]},
             status: {podIPs: [{ip: 'nonsense'}, 7]}}
            """);
    assertThat(pod.ports()).isEmpty();
    assertThat(pod.addresses()).isEmpty();
  }

  @Test
  void whatWasWiredCountsBeforeWhatTheKubeletSays() {
    String status = "status: {podIP: '10.0.0.9'}}";
    assertThat(
            Pod.read(annotated("podIPs: '10.0.0.1/32,fd00::1/128', podIP: '10.0.0.1/32'", status)))
        .extracting(Pod::addresses)
        .isEqualTo(List.of(IpAddress.parse("10.0.0.1"), IpAddress.parse("fd00::1")));
    assertThat(Pod.read(annotated("podIP: '10.0.0.2/32'", status)).addresses())
        .containsExactly(IpAddress.parse("10.0.0.2"));
    assertThat(Pod.read(annotated("podIPs: '', podIP: ''", status)).addresses()).isEmpty();
    assertThat(Pod.read(annotated("containerID: 'c'", status)).addresses())
        .containsExactly(IpAddress.parse("10.0.0.9"));
  }

  private static JsonNode annotated(String annotations, String status) {
    ObjectNode document = document(Kinds.POD, "web", "{" + status);
    for (String each : annotations.split(", ", -1)) {
      String[] parts = each.split(": ", 2);
      document
          .withObject("/metadata")
          .withObject("/annotations")
          .put("cni.projectcalico.org/" + parts[0], parts[1].replace("'", ""));
    }
    return document;
  }

  private static Pod read(String rest) {
    return Pod.read(document(Kinds.POD, "web", rest));
  }
}
