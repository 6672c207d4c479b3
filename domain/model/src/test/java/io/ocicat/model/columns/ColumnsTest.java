package io.ocicat.model.columns;

import static io.ocicat.model.Documents.document;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnsTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "0,0s",
    "1,1s",
    "119,119s",
    "120,2m",
    "121,2m1s",
    "600,10m",
    "10799,179m",
    "10800,3h",
    "10860,3h1m",
    "28800,8h",
    "172799,47h",
    "172800,2d",
    "176400,2d1h",
    "691200,8d",
    "63072000,2y",
    "63158400,2y1d",
    "252288000,8y",
    "-1,0s",
    "-5,<invalid>"
  })
  void agesAreAsKubectlShowsThem(long seconds, String text) {
    assertThat(Age.of(Duration.ofSeconds(seconds))).isEqualTo(text);
  }

  @Test
  void anAgeWithoutATimeIsUnknown() {
    assertThat(Age.since("", NOW)).isEqualTo("<unknown>");
    assertThat(Age.since("yesterday", NOW)).isEqualTo("<unknown>");
  }

  @Test
  void printsAPod() {
    assertThat(
            cells(
                Kinds.POD,
                """
                {spec: {nodeName: 'node-1', containers: [{name: 'a'}, {name: 'b'}]},
                 status: {phase: 'Running', podIPs: [{ip: '10.0.0.1'}, {ip: 'fd00::1'}],
                   containerStatuses: [{ready: true, restartCount: 2}, {ready: false, restartCount: 1}]}}
                """))
        .containsExactly(
            "x", "1/2", "Running", "3", "5m", "10.0.0.1,fd00::1", "node-1", "<none>", "<none>");
  }

  @Test
  void printsAPolicysSelectorAsUpstreamDoes() {
    assertThat(
            cells(
                Kinds.NETWORK_POLICY,
                """
                {spec: {podSelector: {matchLabels: {b: '2', a: '1'},
                  matchExpressions: [{key: 'c', operator: 'In', values: ['x', 'y']}, {key: 'd', operator: 'DoesNotExist'}]}}}
                """))
        .containsExactly("x", "a=1,b=2,c in (x,y),!d", "5m", "<none>");
  }

  @Test
  void printsAPoolWithWhyItGivesNothing() {
    assertThat(
            cells(
                Kinds.IP_POOL,
                """
                {spec: {cidr: '10.0.0.0/16', natOutgoing: true, nodeSelector: 'all()', blockSize: 26},
                 status: {conditions: [{type: 'Allocatable', status: 'False', reason: 'PoolDisabled'}]}}
                """))
        .startsWith("x", "10.0.0.0/16", "true", "false", "all()", "PoolDisabled", "5m", "26");
  }

  @Test
  void aNodeIsReadyWhenItsConditionSaysSo() {
    assertThat(
            cells(
                Kinds.NODE,
                """
                {metadata: {name: 'x', labels: {'node-role.kubernetes.io/worker': '', 'node-role.kubernetes.io/edge': ''}},
                 spec: {unschedulable: true},
                 status: {conditions: [{type: 'Ready', status: 'True'}], addresses: [{type: 'InternalIP', address: '192.0.2.1'}]}}
                """))
        .startsWith(
            "x", "Ready,SchedulingDisabled", "edge,worker", "<unknown>", "<none>", "192.0.2.1");
  }

  @Test
  void everyKindHasNameAndAge() {
    for (ResourceKind kind : Kinds.all()) {
      assertThat(Columns.of(kind)).extracting(Column::name).startsWith("Name").contains("Age");
    }
  }

  private static List<String> cells(ResourceKind kind, String rest) {
    ObjectNode document = document(kind, "x", rest);
    if (!rest.contains("metadata")) {
      ((ObjectNode) document.get("metadata")).put("creationTimestamp", "2026-11-22T11:55:00Z");
    }
    return Columns.cells(kind, document, NOW).stream().map(JsonNode::asText).toList();
  }
}
