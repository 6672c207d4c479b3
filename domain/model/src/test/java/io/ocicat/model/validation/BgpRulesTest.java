package io.ocicat.model.validation;

import static io.ocicat.model.Documents.document;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BgpRulesTest {
  private static List<String> paths(ResourceKind kind, String name, String spec) {
    ObjectNode document = document(kind, name, "{spec: " + spec + "}");
    Report report = Validator.check(kind, document, ValidationContext.creating());
    assertThat(report.unknownFields()).isEmpty();
    return report.problems().stream().map(Problem::path).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {node: 'a', nodeSelector: 'all()'} | spec.node
          {peerIP: '10.0.0.1', peerSelector: 'all()'} | spec.peerIP
          {peerSelector: 'all()', asNumber: 1} | spec.peerSelector
          {peerIP: '10.0.0.1', keepOriginalNextHop: true, nextHopMode: 'Self'} | spec.keepOriginalNextHop
          {peerIP: '10.0.0.1', keepOriginalNextHop: false, nextHopMode: 'Self'} | -
          {peerIP: '10.0.0.1:0'} | spec.peerIP
          {peerIP: '10.0.0.1:65535'} | -
          {peerIP: '[fd00::1]:1790'} | -
          {peerIP: 'fd00::1'} | -
          {peerIP: '[10.0.0.1]:1790'} | spec.peerIP
          {peerIP: 'router'} | spec.peerIP
          {peerIP: '10.0.0.1', asNumber: '1.10'} | -
          {peerIP: '10.0.0.1', asNumber: 4294967295} | -
          {peerIP: '10.0.0.1', asNumber: 4294967296} | spec.asNumber
          {peerIP: '10.0.0.1', asNumber: 0} | spec.asNumber
          {peerIP: '10.0.0.1', asNumber: '1.70000'} | spec.asNumber
          {peerIP: '10.0.0.1', nextHopMode: 'self'} | spec.nextHopMode
          {peerIP: '10.0.0.1', sourceAddress: 'Node'} | spec.sourceAddress
          {peerIP: '10.0.0.1', maxRestartTime: '2m30s'} | -
          {peerIP: '10.0.0.1', maxRestartTime: '120'} | spec.maxRestartTime
          {peerIP: '10.0.0.1', maxRestartTime: '2h'} | spec.maxRestartTime
          {peerIP: '10.0.0.1', ttlSecurity: 256} | spec.ttlSecurity
          {peerIP: '10.0.0.1', numAllowedLocalASNumbers: -1} | spec.numAllowedLocalASNumbers
          {reachableBy: '10.0.0.1'} | spec.reachableBy
          {peerIP: 'fd00::1', reachableBy: '10.0.0.1'} | spec.reachableBy
          {peerIP: '10.9.9.9', reachableBy: '10.0.0.1'} | -
          {localWorkloadSelector: 'all()'} | spec.asNumber
          {localWorkloadSelector: 'all()', asNumber: 1} | -
          {localWorkloadSelector: 'all()', asNumber: 1, peerIP: '10.0.0.1'} | spec.localWorkloadSelector
          {nodeSelector: 'global()'} | spec.nodeSelector
          {nodeSelector: 'has('} | spec.nodeSelector
          {peerIP: '10.0.0.1', password: {secretKeyRef: {name: 's'}}} | spec.password.secretKeyRef.key
          {peerIP: '10.0.0.1', filters: ['Not_A_Name']} | spec.filters[0]
          {peerIP: '10.0.0.1', reversePeering: 'Never'} | spec.reversePeering
          """)
  void judgesPeers(String spec, String path) {
    assertThat(paths(Kinds.BGP_PEER, "p", spec))
        .isEqualTo(path.equals("-") ? List.of() : List.of(path));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          default | {nodeToNodeMeshEnabled: true, nodeMeshMaxRestartTime: '120s'} | -
          default | {nodeToNodeMeshEnabled: false, nodeMeshMaxRestartTime: '120s'} | spec.nodeMeshMaxRestartTime
          default | {nodeToNodeMeshEnabled: false, nodeMeshPassword: {secretKeyRef: {name: 's', key: 'k'}}} | spec.nodeMeshPassword
          node.a | {nodeToNodeMeshEnabled: true} | spec.nodeToNodeMeshEnabled
          node.a | {asNumber: 64600, listenPort: 1790} | -
          default | {listenPort: 0} | spec.listenPort
          default | {communities: [{name: 'a', value: '1:2'}]} | spec.communities
          default | {communities: [{name: 'a', value: '1:70000'}], prefixAdvertisements: [{cidr: '10.0.0.0/8', communities: ['a']}]} | spec.communities[0].value
          default | {communities: [{name: 'a', value: '1:2'}], prefixAdvertisements: [{cidr: '10.0.0.0/8', communities: ['a', '1:2:3']}]} | -
          default | {prefixAdvertisements: [{cidr: '10.0.0.0/8', communities: ['a']}]} | spec.prefixAdvertisements[0].communities[0]
          default | {prefixAdvertisements: [{cidr: '10.0.0.1/8', communities: ['1:2']}]} | spec.prefixAdvertisements[0].cidr
          default | {serviceClusterIPs: [{cidr: '10.96.0.1/12'}]} | spec.serviceClusterIPs[0].cidr
          default | {serviceLoadBalancerAggregation: 'On'} | spec.serviceLoadBalancerAggregation
          default | {bindMode: 'NodeIP', ignoredInterfaces: ['br-*']} | -
          default | {ignoredInterfaces: ['a b']} | spec.ignoredInterfaces[0]
          default | {localWorkloadPeeringIPV4: 'fd00::1'} | spec.localWorkloadPeeringIPV4
          default | {localWorkloadPeeringIPV6: 'fd00::1'} | -
          default | {ipv4NormalRoutePriority: 0} | spec.ipv4NormalRoutePriority
          default | {programClusterRoutes: 'Some'} | spec.programClusterRoutes
          """)
  void judgesConfiguration(String name, String spec, String path) {
    assertThat(paths(Kinds.BGP_CONFIGURATION, name, spec))
        .isEqualTo(path.equals("-") ? List.of() : List.of(path));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {action: 'Accept'} | -
          {action: 'Pass'} | action
          {cidr: '10.0.0.0/8', action: 'Accept'} | matchOperator
          {matchOperator: 'In', action: 'Accept'} | cidr
          {cidr: 'fd00::/8', matchOperator: 'In', action: 'Accept'} | cidr
          {cidr: '10.0.0.1/8', matchOperator: 'In', action: 'Accept'} | cidr
          {prefixLength: {min: 8}, action: 'Accept'} | prefixLength
          {cidr: '10.0.0.0/8', matchOperator: 'In', prefixLength: {min: 24, max: 16}, action: 'Accept'} | prefixLength.min
          {cidr: '10.0.0.0/8', matchOperator: 'In', prefixLength: {max: 33}, action: 'Accept'} | prefixLength.max
          {source: 'Elsewhere', action: 'Accept'} | source
          {interface: 'eth*', peerType: 'eBGP', action: 'Reject'} | -
          {interface: 'much-longer-than-15', action: 'Reject'} | interface
          {communities: {values: ['1:2', '1:3']}, action: 'Reject'} | communities.values
          {communities: {values: []}, action: 'Reject'} | communities.values
          {asPathPrefix: [64512, '1.1'], action: 'Reject'} | -
          {priority: 0, action: 'Reject'} | priority
          {action: 'Reject', operations: [{setPriority: {value: 1}}]} | operations
          {action: 'Accept', operations: []} | operations
          {action: 'Accept', operations: [{}]} | operations[0]
          {action: 'Accept', operations: [{setPriority: {value: 1}, addCommunity: {value: '1:1'}}]} | operations[0]
          {action: 'Accept', operations: [{prependASPath: {prefix: [1,2,3,4,5,6,7,8,9,10,11]}}]} | operations[0].prependASPath.prefix
          """)
  void judgesFilters(String rule, String path) {
    assertThat(paths(Kinds.BGP_FILTER, "f", "{exportV4: [" + rule + "]}"))
        .isEqualTo(path.equals("-") ? List.of() : List.of("spec.exportV4[0]." + path));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {mesh: true} | -
          {} | spec.peers
          {peers: ['a'], ranges: ['10.0.0.0/8'], remoteAS: 'External'} | -
          {mesh: true, ranges: ['10.0.0.0/8']} | spec.ranges
          {mesh: true, holdTime: '2s'} | spec.holdTime
          {mesh: true, holdTime: '0s'} | -
          {mesh: true, holdTime: '9s', keepaliveTime: '3s'} | -
          {mesh: true, holdTime: '9s', keepaliveTime: '4s'} | spec.keepaliveTime
          {mesh: true, bfd: {multiplier: 0}} | spec.bfd.multiplier
          {mesh: true, roleRequired: true} | spec.roleRequired
          {mesh: true, role: 'Friend'} | spec.role
          {mesh: true, minimumTTL: 256} | spec.minimumTTL
          {mesh: true, gracefulRestart: {restartTime: '2h', longLivedTime: '5000h'}} | spec.gracefulRestart.restartTime spec.gracefulRestart.longLivedTime
          {mesh: true, maxPrefixes: {action: 'Stop'}} | spec.maxPrefixes.action
          {mesh: true, bmp: {address: '10.0.0.1'}} | spec.bmp.port
          """)
  void judgesOptions(String spec, String paths) {
    assertThat(paths(Kinds.BGP_PEER_OPTIONS, "o", spec))
        .isEqualTo(paths.equals("-") ? List.of() : List.of(paths.split(" ")));
  }

  @Test
  void judgesWhatIsAskedOfNodes() {
    assertThat(
            paths(
                Kinds.CALICO_NODE_STATUS, "s", "{node: 'a', classes: ['Agent', 'BGP', 'Routes']}"))
        .isEmpty();
    assertThat(
            paths(Kinds.CALICO_NODE_STATUS, "s", "{classes: ['All'], updatePeriodSeconds: 86401}"))
        .containsExactlyInAnyOrder("spec.classes[0]", "spec.updatePeriodSeconds");
  }
}
