package io.ocicat.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.ocicat.inet.IpAddress;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceTest {

  private static JsonNode json(String text) {
    try {
      return new JsonMapper().readTree(text);
    } catch (IOException e) {
      throw new AssertionError(text, e);
    }
  }

  @Test
  void readsAServiceWithEveryKindOfAddress() {
    Service service =
        Service.read(
            json(
                """
                {"metadata": {"name": "web", "namespace": "shop"},
                 "spec": {"type": "LoadBalancer", "selector": {"app": "web"},
                   "clusterIP": "10.96.0.1", "clusterIPs": ["10.96.0.1", "fd00::1"],
                   "externalIPs": ["192.0.2.80", "odd"], "externalTrafficPolicy": "Local",
                   "ports": [{"name": "dns", "protocol": "UDP", "port": 53, "nodePort": 30053},
                     {"port": 80}]},
                 "status": {"loadBalancer": {"ingress": [{"ip": "198.51.100.1"},
                   {"hostname": "lb.example"}]}}}
                """));
    assertThat(service)
        .isEqualTo(
            new Service(
                Metadata.of("shop", "web"),
                Service.Type.LOAD_BALANCER,
                Map.of("app", "web"),
                List.of(IpAddress.parse("10.96.0.1"), IpAddress.parse("fd00::1")),
                List.of(IpAddress.parse("192.0.2.80")),
                List.of(IpAddress.parse("198.51.100.1")),
                true,
                List.of(
                    new Service.Port("dns", Protocol.UDP, 53, 30_053),
                    new Service.Port("", Protocol.TCP, 80, 0))));
  }

  @Test
  void aHeadlessServiceHasNoAddress() {
    Service service =
        Service.read(json("{\"spec\": {\"clusterIP\": \"None\", \"clusterIPs\": [\"None\"]}}"));
    assertThat(service.clusterAddresses()).isEmpty();
    assertThat(service.type()).isEqualTo(Service.Type.CLUSTER_IP);
  }

  @Test
  void readsEndpointsInBothVersions() {
    EndpointSlice slice =
        EndpointSlice.read(
            json(
                """
                {"metadata": {"name": "web-1", "namespace": "shop",
                   "labels": {"kubernetes.io/service-name": "web"}},
                 "addressType": "IPv6",
                 "endpoints": [
                   {"addresses": ["fd00::1"], "nodeName": "n1",
                    "targetRef": {"kind": "Pod", "name": "web-0"}},
                   {"addresses": ["fd00::2"], "topology": {"kubernetes.io/hostname": "n2"},
                    "conditions": {"ready": false, "serving": true, "terminating": true}},
                   {"addresses": ["fd00::3"], "conditions": {"ready": false}}],
                 "ports": [{"name": "", "port": 8080}, {"name": "all"}]}
                """));
    assertThat(slice.service()).isEqualTo("web");
    assertThat(slice.endpoints())
        .containsExactly(
            endpoint("fd00::1", true, true, false, "n1", "web-0"),
            endpoint("fd00::2", false, true, true, "n2", ""),
            endpoint("fd00::3", false, false, false, "", ""));
    assertThat(slice.ports())
        .containsExactly(
            new EndpointSlice.Port("", Protocol.TCP, 8080),
            new EndpointSlice.Port("all", Protocol.TCP, 0));
  }

  private static EndpointSlice.Endpoint endpoint(
      String address,
      boolean ready,
      boolean serving,
      boolean terminating,
      String node,
      String pod) {
    return new EndpointSlice.Endpoint(
        List.of(IpAddress.parse(address)), ready, serving, terminating, node, pod);
  }

  @Test
  void aSliceOfNamesHasNoEndpoints() {
    assertThat(
            EndpointSlice.read(
                    json(
                        """
                        {"addressType": "FQDN", "endpoints": [{"addresses": ["a.example"]}]}
                        """))
                .endpoints())
        .isEmpty();
  }
}
