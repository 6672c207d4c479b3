package io.ocicat.agent.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.FelixConfiguration;
import io.ocicat.model.HostEndpoint;
import io.ocicat.model.UnreadableDocumentException;
import io.ocicat.nft.compile.NftHosts;
import io.ocicat.policy.GroupId;
import io.ocicat.policy.HostInterfaces;
import io.ocicat.policy.HostPolicy;
import io.ocicat.policy.HostSettings;
import io.ocicat.policy.PolicyHost;
import io.ocicat.policy.PolicyIndex;
import io.ocicat.policy.PolicyKind;
import io.ocicat.policy.PolicyName;
import io.ocicat.sync.SyncItem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The host endpoints of the node and the configuration that goes with them, and what follows from
 * both. Belongs to the thread of {@link NodeModel}.
 */
final class HostModel {

  private static final JsonMapper JSON = new JsonMapper();

  private final String nodeName;
  private final PolicyIndex policies;
  private final Map<String, PolicyHost> endpoints = new TreeMap<>();
  private final Map<String, FelixConfiguration> configurations = new HashMap<>();
  private final Map<String, String> unreadable = new TreeMap<>();
  private Map<String, Set<IpAddress>> interfaces = Map.of();
  private Set<Integer> controllerPorts = Set.of();
  private Set<GroupId> required = Set.of();
  private List<String> problems = List.of();

  HostModel(String nodeName, PolicyIndex policies) {
    this.nodeName = nodeName;
    this.policies = policies;
  }

  /** Whether the node has any host endpoint. */
  boolean hasEndpoints() {
    return !endpoints.isEmpty();
  }

  /** An endpoint that cannot be read stays as it was. */
  void upsert(SyncItem.HostEndpoint item) {
    try {
      HostEndpoint endpoint = HostEndpoint.read(JSON.readTree(item.document()));
      endpoints.put(item.name(), PolicyHost.of(endpoint));
      unreadable.remove(item.key().toString());
    } catch (UnreadableDocumentException | JsonProcessingException e) {
      unreadable.put(
          item.key().toString(),
          "HostEndpoint %s cannot be understood and stays as it was: %s"
              .formatted(item.name(), e.getMessage()));
    }
  }

  void removeEndpoint(String name) {
    endpoints.remove(name);
  }

  /** A configuration that cannot be read stays as it was. */
  void upsert(SyncItem.Configuration item) {
    try {
      configurations.put(item.name(), FelixConfiguration.read(JSON.readTree(item.document())));
      unreadable.remove(item.key().toString());
    } catch (UnreadableDocumentException | JsonProcessingException e) {
      unreadable.put(
          item.key().toString(),
          "FelixConfiguration %s cannot be understood and stays as it was: %s"
              .formatted(item.name(), e.getMessage()));
    }
  }

  void removeConfiguration(String name) {
    configurations.remove(name);
  }

  /** Nothing is known any more that could be wrong with the item of that key. */
  void forget(String key) {
    unreadable.remove(key);
  }

  /**
   * What is around the node.
   *
   * @param interfaces addresses of its interfaces that are no pods'
   * @param controllerPorts which no policy closes, for the agent would be lost
   * @return whether that is news
   */
  boolean sees(Map<String, Set<IpAddress>> interfaces, Set<Integer> controllerPorts) {
    boolean news =
        !interfaces.equals(this.interfaces) || !controllerPorts.equals(this.controllerPorts);
    this.interfaces = Map.copyOf(interfaces);
    this.controllerPorts = Set.copyOf(controllerPorts);
    return news;
  }

  /** What should be in nftables for the node itself, by all that is known now. */
  NftHosts compile() {
    HostInterfaces placed = HostInterfaces.of(endpoints.values(), interfaces);
    Set<GroupId> groups = new HashSet<>();
    Map<String, NftHosts.Endpoint> byInterface = new TreeMap<>();
    placed.byInterface().forEach((name, host) -> byInterface.put(name, compile(host, groups)));
    Optional<NftHosts.Endpoint> others = placed.others().map(host -> compile(host, groups));
    required = groups;
    problems = problems(placed);
    return new NftHosts(settings(), byInterface, others);
  }

  private NftHosts.Endpoint compile(PolicyHost host, Set<GroupId> groups) {
    HostPolicy policy = policies.hostPolicy(host);
    groups.addAll(policy.requiredGroups());
    return new NftHosts.Endpoint(host.name(), policy);
  }

  private HostSettings settings() {
    HostSettings settings = HostSettings.DEFAULT;
    for (String name :
        List.of(FelixConfiguration.DEFAULT, FelixConfiguration.NODE_PREFIX + nodeName)) {
      FelixConfiguration configuration = configurations.get(name);
      settings = configuration == null ? settings : settings.overriddenBy(configuration);
    }
    return settings.withOpen(controllerPorts);
  }

  private List<String> problems(HostInterfaces placed) {
    List<String> found = new ArrayList<>();
    for (PolicyHost host : placed.nowhere()) {
      found.add(
          host.interfaceName().isEmpty()
              ? "HostEndpoint %s is not enforced: no interface of the node without a HostEndpoint has one of its expectedIPs %s"
                  .formatted(host.name(), host.addresses())
              : "HostEndpoint %s is not enforced: another is for interface %s already"
                  .formatted(host.name(), host.interfaceName()));
    }
    for (PolicyHost host : endpoints.values()) {
      for (String profile : host.profiles()) {
        if (policies.find(new PolicyName(PolicyKind.PROFILE, "", profile)).isEmpty()) {
          found.add(
              "HostEndpoint %s names Profile %s, which is not there and allows nothing"
                  .formatted(host.name(), profile));
        }
      }
    }
    return found;
  }

  /** The groups that the policies of the last {@link #compile} need. */
  Set<GroupId> requiredGroups() {
    return required;
  }

  /** Sentences about input that cannot be used. */
  List<String> problems() {
    List<String> all = new ArrayList<>(unreadable.values());
    all.addAll(problems);
    return all;
  }
}
