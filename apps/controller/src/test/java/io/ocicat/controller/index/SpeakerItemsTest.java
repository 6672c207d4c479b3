package io.ocicat.controller.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.controller.ClusterSide;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.Scope;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.StoredObject;
import io.ocicat.sync.ItemKey;
import io.ocicat.sync.NodeRouting;
import io.ocicat.sync.SyncItem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class SpeakerItemsTest {

  private static final List<String> NODES = List.of("n1", "n2", "n3");
  private static final String MESH_PASSWORD =
      "{'nodeMeshPassword':{'secretKeyRef':{'name':'mesh','key':'k'}}}";

  private final ClusterIndex index = new ClusterIndex();

  private static ResourceKey key(ResourceKind kind, String namespace, String name) {
    return kind.scope() == Scope.CLUSTER
        ? ResourceKey.ofCluster(kind.name(), name)
        : new ResourceKey(kind.name(), namespace, name);
  }

  private static StoredObject object(
      ResourceKind kind, String namespace, String name, String metadata, String rest) {
    String json =
        "{'metadata':{'name':'%s','namespace':'%s','uid':'u-%s'%s},%s}"
            .formatted(name, namespace, name, metadata, rest)
            .replace('\'', '"');
    return new StoredObject(key(kind, namespace, name), 1, 1, json);
  }

  private void put(ResourceKind kind, String name, String spec) {
    index.put(object(kind, "shop", name, "", "'spec':" + spec));
    index.drain();
  }

  private void putNode(String name, String labels, String annotations) {
    index.put(node(name, labels, annotations));
    index.drain();
  }

  private static StoredObject node(String name, String labels, String annotations) {
    return object(
        Kinds.NODE,
        "",
        name,
        ",'labels':{%s},'annotations':{%s}".formatted(labels, annotations),
        "'status':{'addresses':[{'type':'InternalIP','address':'192.0.2.%s'}]}"
            .formatted(name.substring(1)));
  }

  private void putSecret(String namespace, String name, String text) {
    index.put(secret(namespace, name, text));
    index.drain();
  }

  private static StoredObject secret(String namespace, String name, String text) {
    String data = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    return object(
        Kinds.SECRET, namespace, name, "", "'data':{'k':'%s','other':'eA=='}".formatted(data));
  }

  private void putSlice(String name, String service, String... nodes) {
    index.put(slice(name, service, nodes));
    index.drain();
  }

  private static StoredObject slice(String name, String service, String... nodes) {
    List<String> endpoints = new ArrayList<>();
    for (String node : nodes) {
      endpoints.add("{'addresses':['10.0.0.1'],'nodeName':'%s'}".formatted(node));
    }
    return object(
        Kinds.ENDPOINT_SLICE,
        "shop",
        name,
        ",'labels':{'kubernetes.io/service-name':'%s'}".formatted(service),
        "'endpoints':[" + String.join(",", endpoints) + "]");
  }

  private Optional<SyncItem> shared(ItemKey key) {
    return index.shared(key);
  }

  private List<String> whoHas(ItemKey key) {
    return NODES.stream().filter(node -> index.local(node, key).isPresent()).toList();
  }

  private static ItemKey password(String secret) {
    return new ItemKey(ItemKey.Kind.PASSWORD, "", secret + "/k");
  }

  private static ItemKey service(String name) {
    return new ItemKey(ItemKey.Kind.SERVICE, "shop", name);
  }

  @Test
  void everybodyIsToldOfDocumentsAboutBgp() {
    put(Kinds.BGP_PEER, "rack", "{'peerIP':'192.0.2.9'}");
    put(Kinds.BGP_CONFIGURATION, "node.n1", "{'listenPort':1179}");
    put(Kinds.BGP_FILTER, "f", "{}");
    put(Kinds.BGP_PEER_OPTIONS, "o", "{'peers':['rack']}");
    assertThat(index.shared())
        .extracting(SyncItem::key)
        .containsExactlyInAnyOrder(
            ItemKey.routing("BGPPeer", "rack"),
            ItemKey.routing("BGPConfiguration", "node.n1"),
            ItemKey.routing("BGPFilter", "f"),
            ItemKey.routing("BGPPeerOptions", "o"));
    index.remove(key(Kinds.BGP_FILTER, "", "f"));
    index.drain();
    assertThat(shared(ItemKey.routing("BGPFilter", "f"))).isEmpty();
  }

  @Test
  void ofNodesThatIsToldWhichDocumentsAskFor() {
    putNode(
        "n1",
        "'rack':'a','team':'b','kubernetes.io/os':'linux'",
        "'projectcalico.org/ASNumber':'64513','kubeadm':'x'");
    ItemKey key = new ItemKey(ItemKey.Kind.NODE, "", "n1");
    SyncItem.Node plain =
        new SyncItem.Node(
            "n1",
            List.of(IpAddress.parse("192.0.2.1")),
            Map.of(),
            Map.of("projectcalico.org/ASNumber", "64513"));
    assertThat(shared(key)).contains(plain);
    put(
        Kinds.BGP_PEER,
        "rack",
        "{'nodeSelector':'rack == \\'a\\'','peerSelector':'has(team)'}".replace("\\'", "\\\""));
    assertThat(shared(key))
        .contains(
            new SyncItem.Node(
                "n1", plain.addresses(), Map.of("rack", "a", "team", "b"), plain.annotations()));
    index.remove(key(Kinds.BGP_PEER, "", "rack"));
    index.drain();
    assertThat(shared(key)).contains(plain);
  }

  @Test
  void aHeartbeatOfANodeChangesNothing() {
    putNode("n1", "'a':'b'", "");
    index.put(node("n1", "'a':'c'", "'volumes':'x'"));
    assertThat(index.drain().isEmpty()).isTrue();
  }

  @Test
  void aSecretThatNoPeerNamesIsNotSent() {
    NODES.forEach(name -> putNode(name, "", ""));
    putSecret(ClusterSide.USUAL_NAMESPACE, "tls", "hidden");
    assertThat(index.shared()).noneMatch(each -> each.toString().contains("hidden"));
    assertThat(index.shared()).noneMatch(SyncItem.Password.class::isInstance);
    NODES.forEach(name -> assertThat(index.local(name)).isEmpty());
  }

  @Test
  void ofASecretTheNamedKeyGoesToTheNodesOfTheSessionAlone() {
    NODES.forEach(name -> putNode(name, "", ""));
    putSecret(ClusterSide.USUAL_NAMESPACE, "bgp", "old");
    put(
        Kinds.BGP_PEER,
        "rack",
        "{'node':'n2','peerIP':'192.0.2.9','password':{'secretKeyRef':{'name':'bgp','key':'k'}}}");
    assertThat(whoHas(password("bgp"))).containsExactly("n2");
    assertThat(index.local("n2")).containsExactly(new SyncItem.Password("bgp", "k", "old"));
    putSecret(ClusterSide.USUAL_NAMESPACE, "bgp", "new");
    assertThat(index.local("n2")).containsExactly(new SyncItem.Password("bgp", "k", "new"));
    index.remove(key(Kinds.BGP_PEER, "", "rack"));
    index.drain();
    assertThat(whoHas(password("bgp"))).isEmpty();
  }

  @Test
  void bothEndsOfASessionBetweenNodesGetItsPassword() {
    putNode("n1", "'role':'reflector'", "");
    putNode("n2", "'role':'worker'", "");
    putNode("n3", "", "");
    putSecret(ClusterSide.USUAL_NAMESPACE, "bgp", "text");
    put(
        Kinds.BGP_PEER,
        "p",
        "{'nodeSelector':'has(worker) || role == #worker#','peerSelector':'role == #reflector#',"
                .replace("#", "\\\"")
            + "'password':{'secretKeyRef':{'name':'bgp','key':'k'}}}");
    assertThat(whoHas(password("bgp"))).containsExactly("n1", "n2");
  }

  @Test
  void thePasswordOfTheMeshGoesToAllAndNoOtherNamespacesSecretIsHeeded() {
    NODES.forEach(name -> putNode(name, "", ""));
    put(Kinds.BGP_CONFIGURATION, "default", MESH_PASSWORD);
    putSecret("shop", "mesh", "wrong");
    assertThat(shared(password("mesh"))).isEmpty();
    putSecret(ClusterSide.USUAL_NAMESPACE, "mesh", "right");
    assertThat(shared(password("mesh"))).contains(new SyncItem.Password("mesh", "k", "right"));
    index.remove(key(Kinds.SECRET, ClusterSide.USUAL_NAMESPACE, "mesh"));
    index.drain();
    assertThat(shared(password("mesh"))).isEmpty();
  }

  @Test
  void servicesAreToldOnlyWhereSettingsAnnounceThem() {
    NODES.forEach(name -> putNode(name, "", ""));
    put(
        Kinds.SERVICE,
        "web",
        "{'clusterIP':'10.96.0.1','externalIPs':['198.51.100.1'],'externalTrafficPolicy':'Local'}");
    putSlice("web-1", "web", "n1", "n3");
    assertThat(whoHas(service("web"))).isEmpty();
    put(Kinds.BGP_CONFIGURATION, "default", "{'serviceExternalIPs':[{'cidr':'198.51.100.0/24'}]}");
    assertThat(whoHas(service("web"))).containsExactly("n1", "n3");
    assertThat(index.local("n1"))
        .containsExactly(
            new SyncItem.Service(
                "shop",
                "web",
                List.of(),
                List.of(IpAddress.parse("198.51.100.1")),
                List.of(),
                true));
    assertThat(shared(service("web"))).isEmpty();
    putSlice("web-1", "web", "n3");
    putSlice("web-2", "web", "n2");
    assertThat(whoHas(service("web"))).containsExactly("n2", "n3");
  }

  @Test
  void aServiceForAllTrafficIsToldOnlyWhereItsRangeIsNot() {
    NODES.forEach(name -> putNode(name, "", ""));
    index.put(
        object(
            Kinds.SERVICE,
            "shop",
            "lb",
            "",
            "'spec':{'type':'LoadBalancer'},"
                + "'status':{'loadBalancer':{'ingress':[{'ip':'203.0.113.7'}]}}"));
    put(
        Kinds.BGP_CONFIGURATION,
        "default",
        "{'serviceLoadBalancerIPs':[{'cidr':'203.0.113.0/24'}]}");
    assertThat(shared(service("lb"))).isEmpty();
    put(
        Kinds.BGP_CONFIGURATION,
        "default",
        "{'serviceLoadBalancerIPs':[{'cidr':'203.0.113.0/24'}],"
            + "'serviceLoadBalancerAggregation':'Disabled'}");
    assertThat(shared(service("lb"))).isPresent();
    put(
        Kinds.BGP_CONFIGURATION,
        "default",
        "{'serviceLoadBalancerIPs':[{'cidr':'203.0.113.7/32'}]}");
    assertThat(shared(service("lb"))).isPresent();
    index.remove(key(Kinds.SERVICE, "shop", "lb"));
    index.drain();
    assertThat(shared(service("lb"))).isEmpty();
  }

  @Test
  void aNodeIsAskedForItsOwnStatusAlone() {
    put(
        Kinds.CALICO_NODE_STATUS,
        "s",
        "{'node':'n2','classes':['BGP','Agent'],'updatePeriodSeconds':10}");
    assertThat(index.local("n1")).isEmpty();
    assertThat(index.local("n2"))
        .containsExactly(
            new SyncItem.StatusRequest(
                "s", "u-s", Set.of(NodeRouting.Part.AGENT, NodeRouting.Part.BGP), 10));
  }

  @Test
  void aDocumentThatCannotBeReadIsComplainedOfAndLeftOut() {
    put(Kinds.BGP_PEER, "rack", "{'peerIP':'192.0.2.9'}");
    put(Kinds.BGP_PEER, "rack", "{'nodeSelector':'has('}");
    assertThat(shared(ItemKey.routing("BGPPeer", "rack"))).isEmpty();
    ResourceKey key = key(Kinds.BGP_PEER, "", "rack");
    assertThat(index.complaints(key).orElseThrow().getFirst()).contains("left out");
    put(Kinds.BGP_PEER, "rack", "{'peerIP':'192.0.2.9'}");
    assertThat(index.complaints(key)).isEmpty();
    assertThat(shared(ItemKey.routing("BGPPeer", "rack"))).isPresent();
  }

  /** Whatever came before, in whichever order: what agents get follows from what there is. */
  @Test
  void whatThereIsDecidesAndNotHowItCameAbout() {
    for (long seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      ClusterIndex one = new ClusterIndex();
      Map<ResourceKey, StoredObject> present = new HashMap<>();
      for (int step = 0; step < 60; step++) {
        StoredObject object = any(random);
        if (random.nextInt(4) == 0) {
          present.remove(object.key());
          one.remove(object.key());
        } else {
          present.put(object.key(), object);
          one.put(object);
        }
        if (random.nextBoolean()) {
          one.drain();
        }
      }
      one.drain();
      ClusterIndex other = new ClusterIndex();
      present.values().forEach(other::put);
      other.drain();
      assertThat(contents(one)).as("seed %d", seed).isEqualTo(contents(other));
    }
  }

  private static Map<String, Object> contents(ClusterIndex index) {
    Map<String, Object> all = new TreeMap<>();
    all.put("", Set.copyOf(index.shared()));
    NODES.forEach(node -> all.put(node, Set.copyOf(index.local(node))));
    return all;
  }

  private static StoredObject any(Random random) {
    String node = NODES.get(random.nextInt(NODES.size()));
    String name = "x" + random.nextInt(2);
    String secret =
        "{'secretKeyRef':{'name':'%s','key':'k'}}".formatted(random.nextBoolean() ? "s0" : "s1");
    return switch (random.nextInt(7)) {
      case 0 -> node(node, random.nextBoolean() ? "'role':'a'" : "", "");
      case 1 ->
          object(
              Kinds.BGP_PEER,
              "",
              name,
              "",
              random.nextBoolean()
                  ? "'spec':{'node':'%s','peerIP':'192.0.2.9','password':%s}"
                      .formatted(node, secret)
                  : "'spec':{'peerSelector':'has(role)','node':'n1','password':%s}"
                      .formatted(secret));
      case 2 ->
          object(
              Kinds.BGP_CONFIGURATION,
              "",
              random.nextBoolean() ? "default" : "node.n1",
              "",
              switch (random.nextInt(4)) {
                case 0 -> "'spec':{'nodeMeshPassword':%s}".formatted(secret);
                case 1 -> "'spec':{'serviceExternalIPs':[{'cidr':'198.51.100.0/24'}]}";
                case 2 -> "'spec':{'serviceExternalIPs':[{'cidr':'198.51.100.1/32'}]}";
                default -> "'spec':{}";
              });
      case 3 ->
          secret(ClusterSide.USUAL_NAMESPACE, "s" + random.nextInt(2), "t" + random.nextInt(3));
      case 4 -> slice("slice" + random.nextInt(3), name, node);
      case 5 ->
          object(
              Kinds.SERVICE,
              "shop",
              name,
              "",
              "'spec':{'externalIPs':['198.51.100.%d'],'externalTrafficPolicy':'%s'}"
                  .formatted(random.nextInt(2), random.nextBoolean() ? "Local" : "Cluster"));
      default ->
          object(Kinds.CALICO_NODE_STATUS, "", name, "", "'spec':{'node':'%s'}".formatted(node));
    };
  }
}
