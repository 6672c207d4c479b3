package io.ocicat.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KindsTest {
  @Test
  void findsAKindByEveryNameThatUsersType() {
    for (String word :
        new String[] {
          "netpol",
          "networkpolicy",
          "networkpolicies",
          "NetworkPolicy",
          "networkpolicies.networking.k8s.io"
        }) {
      assertThat(Kinds.called(word)).contains(Kinds.NETWORK_POLICY);
    }
    assertThat(Kinds.called("pool")).contains(Kinds.IP_POOL);
    assertThat(Kinds.called("svc")).contains(Kinds.SERVICE);
    assertThat(Kinds.called("deployments")).isEmpty();
  }

  @Test
  void noNameMeansTwoKinds() {
    for (ResourceKind kind : Kinds.all()) {
      assertThat(Kinds.all().stream().filter(other -> other.isCalled(kind.name().toString())))
          .containsExactly(kind);
      for (String shortName : kind.shortNames()) {
        assertThat(Kinds.all().stream().filter(other -> other.isCalled(shortName))).hasSize(1);
      }
    }
  }

  @Test
  void tellsTheTwoNetworkPoliciesApart() {
    assertThat(Kinds.called("networkpolicies")).contains(Kinds.NETWORK_POLICY);
    assertThat(Kinds.called("netpol")).contains(Kinds.NETWORK_POLICY);
    for (String word :
        new String[] {
          "networkpolicies.projectcalico.org",
          "networkpolicy.projectcalico.org",
          "caliconetworkpolicy",
          "cnp"
        }) {
      assertThat(Kinds.called(word)).contains(Kinds.CALICO_NETWORK_POLICY);
    }
    assertThat(Kinds.of("networking.k8s.io/v1", "NetworkPolicy")).contains(Kinds.NETWORK_POLICY);
    assertThat(Kinds.of("projectcalico.org/v3", "NetworkPolicy"))
        .contains(Kinds.CALICO_NETWORK_POLICY);
  }

  @Test
  void knowsWhatDocumentsMean() {
    assertThat(Kinds.of("v1", "Pod")).contains(Kinds.POD);
    assertThat(Kinds.of("projectcalico.org/v3", "IPPool")).contains(Kinds.IP_POOL);
    assertThat(Kinds.of("networking.k8s.io/v1beta1", "NetworkPolicy")).isEmpty();
    assertThat(Kinds.IP_POOL.apiVersion()).isEqualTo("projectcalico.org/v3");
    assertThat(Kinds.POD.apiVersion()).isEqualTo("v1");
    assertThat(Kinds.POD.listKind()).isEqualTo("PodList");
  }

  @Test
  void listsKindsInTheirOrder() {
    assertThat(Kinds.all().stream().map(ResourceKind::name)).isSorted();
  }
}
