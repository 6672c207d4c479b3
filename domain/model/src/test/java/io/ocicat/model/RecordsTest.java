package io.ocicat.model;

import static io.ocicat.model.Documents.document;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.IpPool.Encapsulation;
import io.ocicat.model.IpPool.Use;
import io.ocicat.selector.Selector;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordsTest {
  @Test
  void aNamespaceAlwaysHasItsNameAsALabel() {
    Namespace namespace = Namespace.read(document(Kinds.NAMESPACE, "prod", "{}"));
    assertThat(namespace.labels().value(Namespace.NAME_LABEL)).contains("prod");
    assertThat(Namespace.read(namespace.document())).isEqualTo(namespace);
  }

  @Test
  void readsANodesInternalAddresses() {
    Node node =
        Node.read(
            document(
                Kinds.NODE,
                "node-1",
                """
                {status: {
                  addresses: [{type: 'Hostname', address: 'node-1'}, {type: 'InternalIP', address: '192.0.2.1'},
                    {type: 'ExternalIP', address: '198.51.100.1'}, {type: 'InternalIP', address: '2001:db8::1'}],
                  conditions: [{type: 'Ready', status: 'True'}]}}
                """));
    assertThat(node.internalAddresses())
        .containsExactly(IpAddress.parse("192.0.2.1"), IpAddress.parse("2001:db8::1"));
    assertThat(node.ready()).isTrue();
    assertThat(Node.read(document(Kinds.NODE, "n", "{}")).ready()).isFalse();
  }

  @Test
  void aPoolHasUpstreamsDefaults() {
    IpPool pool = IpPool.read(document(Kinds.IP_POOL, "p", "{spec: {cidr: '10.0.0.0/16'}}"));
    assertThat(pool).isEqualTo(IpPool.of("p", Cidr.parse("10.0.0.0/16")));
    assertThat(pool.blockSize()).isEqualTo(26);
    assertThat(pool.isAllocatable()).isTrue();
    assertThat(IpPool.of("p", Cidr.parse("fd00::/48")).blockSize()).isEqualTo(122);
  }

  @Test
  void readsAllOfAPoolAndWritesItBack() {
    IpPool pool =
        IpPool.read(
            document(
                Kinds.IP_POOL,
                "p",
                """
                {spec: {cidr: '10.0.0.0/16', blockSize: 28, nodeSelector: 'has(zone)', namespaceSelector: 'has(x)',
                  ipipMode: 'CrossSubnet', natOutgoing: true, disabled: true, disableBGPExport: true,
                  allowedUses: ['Tunnel'], assignmentMode: 'Manual'}}
                """));
    assertThat(pool.blockSize()).isEqualTo(28);
    assertThat(pool.nodeSelector()).isEqualTo(Selector.parse("has(zone)"));
    assertThat(pool.ipipMode()).isEqualTo(Encapsulation.CROSS_SUBNET);
    assertThat(pool.allowedUses()).isEqualTo(Set.of(Use.TUNNEL));
    assertThat(pool.natOutgoing() && pool.disabled() && pool.disableBgpExport()).isTrue();
    assertThat(pool.isAllocatable()).isFalse();
    assertThat(IpPool.read(pool.document())).isEqualTo(pool);
  }

  @Test
  void refusesAPoolWithoutARange() {
    assertThatThrownBy(() -> IpPool.read(document(Kinds.IP_POOL, "p", "{}")))
        .isInstanceOf(UnreadableDocumentException.class)
        .hasMessageContaining("IPPool p")
        .hasMessageContaining("spec.cidr");
  }

  @Test
  void leasesHaveNamesThatTellThemApart() {
    assertThat(BlockAffinity.nameFor(Cidr.parse("10.0.0.64/26"))).isEqualTo("10-0-0-64-26");
    assertThat(BlockAffinity.nameFor(Cidr.parse("fd00:a::b00/122")))
        .isNotEqualTo(BlockAffinity.nameFor(Cidr.parse("fd00::a:b00/122")));
    BlockAffinity lease = BlockAffinity.of("node-1", Cidr.parse("fd00::40/122"));
    assertThat(BlockAffinity.read(lease.document())).isEqualTo(lease);
  }

  @Test
  void readsAnEndpointAndWritesItBack() {
    WorkloadEndpoint.Workload workload =
        new WorkloadEndpoint.Workload("k8s", "node-1", "web", "0123abc", "eth0", "robot");
    WorkloadEndpoint endpoint =
        new WorkloadEndpoint(
            Metadata.of("default", WorkloadEndpoint.nameFor(workload)),
            workload,
            List.of(Cidr.parse("10.0.0.1/32"), Cidr.parse("fd00::1/128")),
            "oci0123456789ab",
            "aa:bb:cc:dd:ee:ff",
            List.of(new Pod.ContainerPort("http", Protocol.TCP, 80)));
    assertThat(endpoint.name()).isEqualTo("node--1-k8s-web-eth0");
    assertThat(WorkloadEndpoint.read(endpoint.document())).isEqualTo(endpoint);
  }

  @Test
  void metadataTellsWhetherDeletionWasAskedFor() {
    assertThat(Metadata.read(document(Kinds.POD, "web", "{}")).isDeleting()).isFalse();
    assertThat(
            Metadata.read(
                    Documents.json(
                        "{metadata: {name: 'x', deletionTimestamp: '2026-01-01T00:00:00Z'}}"))
                .isDeleting())
        .isTrue();
  }
}
