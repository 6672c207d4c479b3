package io.ocicat.store.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class ProjectionTest {
  @Test
  void ofAPodKeepsWhatPolicyAndAddressesUse() throws Exception {
    ObjectNode pod =
        object(
            """
            {"apiVersion": "v1", "kind": "Pod",
             "metadata": {"name": "web", "namespace": "a", "uid": "1", "labels": {"app": "web"},
              "annotations": {"cni.projectcalico.org/podIP": "10.0.0.1/32",
               "kubectl.kubernetes.io/last-applied-configuration": "much"},
              "ownerReferences": [{"kind": "ReplicaSet"}]},
             "spec": {"nodeName": "n1", "serviceAccountName": "sa", "volumes": [{}],
              "containers": [{"name": "c", "image": "i", "ports": [{"containerPort": 80}]},
               {"name": "d", "env": [{}]}]},
             "status": {"phase": "Running", "podIP": "10.0.0.1", "podIPs": [{"ip": "10.0.0.1"}],
              "containerStatuses": [{}], "conditions": [{}]}}
            """);
    assertThat(Projection.POD.shape().apply(pod))
        .isEqualTo(
            object(
                """
                {"apiVersion": "v1", "kind": "Pod",
                 "metadata": {"name": "web", "namespace": "a", "uid": "1",
                  "labels": {"app": "web"},
                  "annotations": {"cni.projectcalico.org/podIP": "10.0.0.1/32"}},
                 "spec": {"nodeName": "n1", "serviceAccountName": "sa",
                  "containers": [{"name": "c", "ports": [{"containerPort": 80}]}]},
                 "status": {"phase": "Running", "podIP": "10.0.0.1",
                  "podIPs": [{"ip": "10.0.0.1"}]}}
                """));
  }

  @Test
  void ofANodeLeavesOutHeartbeatsAndImages() throws Exception {
    ObjectNode first = node("2026-01-01T00:00:00Z");
    ObjectNode second = node("2026-01-01T00:05:00Z");
    assertThat(Projection.NODE.shape().apply(first))
        .isEqualTo(Projection.NODE.shape().apply(second));
    assertThat(first.path("status").has("images")).isFalse();
    assertThat(first.at("/status/conditions/0/status").asText()).isEqualTo("True");
  }

  @Test
  void refusesToWriteListsThatItShortens() throws Exception {
    Projection.POD.requireWritable(object("{\"metadata\": {\"labels\": {\"a\": \"b\"}}}"));
    assertThatThrownBy(
            () -> Projection.POD.requireWritable(object("{\"spec\": {\"containers\": []}}")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("/spec/containers is mirrored only in part");
  }

  private static ObjectNode node(String heartbeat) throws Exception {
    return object(
        """
        {"kind": "Node", "metadata": {"name": "n1"}, "status": {"images": [{}],
         "conditions": [{"type": "Ready", "status": "True", "lastHeartbeatTime": "%s"}]}}
        """
            .formatted(heartbeat));
  }

  private static ObjectNode object(String json) throws Exception {
    return (ObjectNode) Trees.parse(json);
  }
}
