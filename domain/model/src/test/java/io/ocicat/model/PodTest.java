package io.ocicat.model;

import static io.ocicat.model.Documents.document;
import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.IpAddress;
import io.ocicat.model.Pod.ContainerPort;
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

  private static Pod read(String rest) {
    return Pod.read(document(Kinds.POD, "web", rest));
  }
}
