package io.ocicat.cli.explain;

import io.ocicat.cli.Refusal;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.EndpointSlice;
import io.ocicat.model.Protocol;
import io.ocicat.model.Service;
import io.ocicat.policy.ServiceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A Service of Kubernetes, whose connections go to its backends. */
record ServiceAnswer(Service service) {

  /**
   * Where connections to a Service go.
   *
   * @param pod its name; empty if it is none
   */
  record Backend(String pod, IpAddress address, int port) {}

  ServiceName name() {
    return new ServiceName(service.namespace(), service.name());
  }

  String title() {
    return "Service %s/%s".formatted(service.namespace(), service.name());
  }

  /**
   * The name that slices know a port of the Service by; empty if it has none.
   *
   * @throws Refusal if the Service has no such port
   */
  String portName(Optional<Protocol> protocol, int port) {
    return service.ports().stream()
        .filter(each -> each.port() == port && protocol.equals(Optional.of(each.protocol())))
        .findFirst()
        .map(Service.Port::name)
        .orElseThrow(
            () ->
                new Refusal(
                    "explain a flow to %s: it has no such port, but %s"
                        .formatted(
                            title(),
                            service.ports().stream()
                                .map(each -> each.protocol() + " " + each.port())
                                .collect(Collectors.joining(", ")))));
  }

  /** Those that get new connections. */
  List<Backend> backends(
      List<EndpointSlice> slices, String portName, Optional<Protocol> protocol, int port) {
    List<Backend> backends = new ArrayList<>();
    for (EndpointSlice slice : slices) {
      for (EndpointSlice.Port each : slice.ports()) {
        if (!each.name().equals(portName) || !protocol.equals(Optional.of(each.protocol()))) {
          continue;
        }
        int number = each.port() == 0 ? port : each.port();
        slice.endpoints().stream()
            .filter(EndpointSlice.Endpoint::ready)
            .flatMap(
                endpoint ->
                    endpoint.addresses().stream()
                        .map(address -> new Backend(endpoint.pod(), address, number)))
            .forEach(backends::add);
      }
    }
    return backends;
  }

  String note(int backends, int most) {
    return backends > most
        ? "%s has %d backends, of which the first %d were looked at"
            .formatted(title(), backends, most)
        : "%s goes to %d backend%s; policy of pods sees these, not the Service's address"
            .formatted(title(), backends, backends == 1 ? "" : "s");
  }
}
