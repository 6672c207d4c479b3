package io.ocicat.routing;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.BgpConfiguration;
import io.ocicat.model.BgpFilter;
import io.ocicat.model.BgpPeer;
import io.ocicat.model.BgpPeerOptions;
import io.ocicat.model.BlockAffinity;
import io.ocicat.model.EndpointSlice;
import io.ocicat.model.IpPool;
import io.ocicat.model.Node;
import io.ocicat.model.SecretKey;
import io.ocicat.model.Service;
import io.ocicat.selector.Labels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Documents of a cluster, in short. */
final class World {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES, JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .build();

  private final List<Node> nodes = new ArrayList<>();
  private final List<BgpConfiguration> configurations = new ArrayList<>();
  private final List<BgpPeer> peers = new ArrayList<>();
  private final List<BgpFilter> filters = new ArrayList<>();
  private final List<BgpPeerOptions> options = new ArrayList<>();
  private final List<IpPool> pools = new ArrayList<>();
  private final List<BlockAffinity> leases = new ArrayList<>();
  private final List<RoutingInputs.Workload> workloads = new ArrayList<>();
  private final List<Service> services = new ArrayList<>();
  private final List<EndpointSlice> slices = new ArrayList<>();
  private final Map<SecretKey, String> passwords = new HashMap<>();

  /** With a spec, or other fields. */
  static JsonNode json(String kind, String name, String metadata, String rest) {
    try {
      return MAPPER.readTree(
          "{kind: '%s', metadata: {name: '%s', namespace: 'ns'%s}%s}"
              .formatted(
                  kind,
                  name,
                  metadata.isEmpty() ? "" : ", " + metadata,
                  rest.isEmpty() ? "" : ", " + rest));
    } catch (IOException e) {
      throw new UncheckedIOException(rest, e);
    }
  }

  /** Addresses separated by blanks. */
  World node(String name, String addresses, String metadata) {
    String list =
        String.join(
            ",",
            List.of(addresses.split(" ")).stream()
                .map(each -> "{type: 'InternalIP', address: '" + each + "'}")
                .toList());
    nodes.removeIf(each -> each.name().equals(name));
    nodes.add(Node.read(json("Node", name, metadata, "status: {addresses: [" + list + "]}")));
    return this;
  }

  World node(String name, String addresses) {
    return node(name, addresses, "");
  }

  World configuration(String name, String spec) {
    configurations.removeIf(each -> each.name().equals(name));
    configurations.add(BgpConfiguration.read(json("BGPConfiguration", name, "", "spec: " + spec)));
    return this;
  }

  World peer(String name, String spec) {
    return peer(name, "", spec);
  }

  World peer(String name, String metadata, String spec) {
    peers.add(BgpPeer.read(json("BGPPeer", name, metadata, "spec: " + spec)));
    return this;
  }

  World filter(String name, String spec) {
    filters.add(BgpFilter.read(json("BGPFilter", name, "", "spec: " + spec)));
    return this;
  }

  World options(String name, String spec) {
    options.add(BgpPeerOptions.read(json("BGPPeerOptions", name, "", "spec: " + spec)));
    return this;
  }

  World pool(String name, String spec) {
    pools.add(
        IpPool.read(
            json(
                "IPPool",
                name,
                "",
                "spec: "
                    + spec.replace("}", ", nodeSelector: 'all()', namespaceSelector: 'all()'}"))));
    return this;
  }

  World lease(String node, String cidr) {
    leases.add(BlockAffinity.of(node, Cidr.parse(cidr)));
    return this;
  }

  World workload(String name, String address, Map<String, String> labels, Integer... priority) {
    workloads.add(
        new RoutingInputs.Workload(
            name,
            new Labels(labels),
            List.of(IpAddress.parse(address)),
            "cali-" + workloads.size(),
            List.of(priority).stream().findFirst()));
    return this;
  }

  World service(String name, String spec, String balanced) {
    services.add(
        Service.read(
            json(
                "Service",
                name,
                "",
                "spec: %s, status: {loadBalancer: {ingress: [%s]}}"
                    .formatted(spec, balanced.isEmpty() ? "" : "{ip: '" + balanced + "'}"))));
    return this;
  }

  World endpoint(String service, String node, boolean ready) {
    slices.add(
        EndpointSlice.read(
            json(
                "EndpointSlice",
                service + "-" + slices.size(),
                "labels: {'kubernetes.io/service-name': '" + service + "'}",
                "addressType: 'IPv4', endpoints: [{addresses: ['10.1.1.1'], nodeName: '%s', conditions: {ready: %s}}]"
                    .formatted(node, ready))));
    return this;
  }

  World password(String secret, String key, String text) {
    passwords.put(new SecretKey(secret, key), text);
    return this;
  }

  RoutingInputs inputs() {
    return new RoutingInputs(
        nodes,
        configurations,
        peers,
        filters,
        options,
        pools,
        leases,
        workloads,
        services,
        slices,
        passwords);
  }

  /** The same in another order. */
  RoutingInputs shuffled(Random random) {
    return new RoutingInputs(
        mixed(nodes, random),
        mixed(configurations, random),
        mixed(peers, random),
        mixed(filters, random),
        mixed(options, random),
        mixed(pools, random),
        mixed(leases, random),
        mixed(workloads, random),
        mixed(services, random),
        mixed(slices, random),
        passwords);
  }

  NodeSpeaker plan(String node) {
    return SpeakerPlanner.plan(inputs(), node).orElseThrow();
  }

  Optional<Neighbour> neighbour(String node, String name) {
    return plan(node).neighbour(name);
  }

  private static <T> List<T> mixed(List<T> list, Random random) {
    List<T> copy = new ArrayList<>(list);
    Collections.shuffle(copy, random);
    return copy;
  }
}
