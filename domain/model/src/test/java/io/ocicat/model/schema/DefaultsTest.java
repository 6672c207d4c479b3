package io.ocicat.model.schema;

import static io.ocicat.model.Documents.document;
import static io.ocicat.model.Documents.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import org.junit.jupiter.api.Test;

class DefaultsTest {
  @Test
  void fillsInAPolicy() {
    assertThat(
            filled(
                    Kinds.NETWORK_POLICY,
                    "{spec: {podSelector: {}, egress: [{ports: [{port: 53}]}]}}")
                .get("spec"))
        .isEqualTo(
            json(
                "{podSelector: {}, egress: [{ports: [{port: 53, protocol: 'TCP'}]}], policyTypes: ['Ingress', 'Egress']}"));
    assertThat(filled(Kinds.NETWORK_POLICY, "{spec: {policyTypes: ['Egress']}}").get("spec"))
        .isEqualTo(json("{policyTypes: ['Egress']}"));
  }

  @Test
  void fillsInAPool() {
    assertThat(filled(Kinds.IP_POOL, "{spec: {cidr: 'fd00::/48', disabled: null}}").get("spec"))
        .isEqualTo(
            json(
                """
                {cidr: 'fd00::/48', vxlanMode: 'Never', ipipMode: 'Never', natOutgoing: false, disabled: false,
                 disableBGPExport: false, nodeSelector: 'all()', allowedUses: ['Workload', 'Tunnel'],
                 assignmentMode: 'Automatic', blockSize: 122}
                """));
  }

  @Test
  void understandsPoolsOfTheFirstCalicoVersion() {
    ObjectNode spec =
        (ObjectNode)
            filled(
                    Kinds.IP_POOL,
                    "{spec: {cidr: '10.0.0.0/16', 'nat-outgoing': true, ipip: {enabled: true, mode: 'cross-subnet'}}}")
                .get("spec");
    assertThat(spec.path("natOutgoing").asBoolean()).isTrue();
    assertThat(spec.path("ipipMode").asText()).isEqualTo("CrossSubnet");
    assertThat(spec.has("ipip") || spec.has("nat-outgoing")).isFalse();
  }

  @Test
  void labelsANamespaceWithItsName() {
    assertThat(filled(Kinds.NAMESPACE, "{}").at("/metadata/labels"))
        .isEqualTo(json("{'kubernetes.io/metadata.name': 'x'}"));
  }

  @Test
  void leavesMalformedDocumentsToValidation() {
    ObjectNode document =
        document(Kinds.NETWORK_POLICY, "x", "{spec: {ingress: 'all', policyTypes: 7}}");
    ObjectNode before = document.deepCopy();
    Defaults.fill(Kinds.NETWORK_POLICY, document);
    assertThat(document).isEqualTo(before);
  }

  private static ObjectNode filled(ResourceKind kind, String rest) {
    ObjectNode document = document(kind, "x", rest);
    Defaults.fill(kind, document);
    ObjectNode again = document.deepCopy();
    Defaults.fill(kind, again);
    assertThat(again).isEqualTo(document);
    return document;
  }
}
