package io.ocicat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.EndpointSlice;
import io.ocicat.model.Kinds;
import io.ocicat.model.Namespace;
import io.ocicat.model.NetworkSet;
import io.ocicat.model.Protocol;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.Tier;
import io.ocicat.policy.Flow.Traffic;
import io.ocicat.selector.Labels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where {@link CalicoPolicyCases} and {@link ClusterPolicyCases} take place. A case writes
 * documents and says literally what gets through, what does not and because of what; the oracle is
 * held to it, and so is whatever the subclass judges by.
 *
 * <p>Pods: {@code x/web} (label app=web, account web), {@code x/a} (app=a, account reader), {@code
 * x/c} (app=c, account writer), {@code y/b} (app=b, account reader), {@code z/d} (app=d, no
 * account). All have both families and ports 80 and 81 of all protocols, named as in {@code
 * serve-80-tcp}. Namespaces have the label team, with their name as its value. The account x/reader
 * has the label trusted=yes, y/reader trusted=no. Beyond the cluster is {@link #WORLD}.
 */
public abstract class ModelWorld {

  private static final JsonMapper DOCUMENTS =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
          .build();

  private static final Comparator<ServiceName> ORDER = Comparator.comparing(ServiceName::toString);

  /** Stands for the address of each family of something outside. */
  public static final String WORLD = "world";

  private static final List<IpAddress> WORLD_ADDRESSES =
      List.of(IpAddress.parse("192.0.2.1"), IpAddress.parse("2001:db8::1"));

  /** An echo request of the address family. */
  public static final Traffic PING = new Traffic.Icmp(8, 0);

  private static final Traffic PING_V6 = new Traffic.Icmp(128, 0);

  /** The service accounts' labels. */
  public static final Map<AccountName, Labels> ACCOUNTS =
      Map.of(
          new AccountName("x", "reader"),
          Labels.of("trusted", "yes"),
          new AccountName("y", "reader"),
          Labels.of("trusted", "no"),
          new AccountName("x", "writer"),
          Labels.EMPTY,
          new AccountName("x", "web"),
          Labels.EMPTY);

  /** The names of all pods, each with its label app and its account. */
  public static final Map<PodName, List<String>> PODS = pods();

  private final Map<String, Labels> namespaces = new TreeMap<>();
  private final Map<PodName, PolicyPod> pods = new TreeMap<>();
  private final Map<String, Written> documents = new LinkedHashMap<>();
  private final List<Expected> expected = new ArrayList<>();
  private final Set<Try> expectedDenied = new HashSet<>();

  /** A document of a case. */
  public record Written(ResourceKind kind, ObjectNode document) {}

  /**
   * One packet that is tried.
   *
   * @param to a pod or {@link #WORLD}
   */
  public record Try(String from, String to, Traffic traffic, IpFamily family) {}

  private record Expected(Try attempt, Optional<String> deniedBy) {}

  /**
   * @param addresses of each pod, one of each family
   */
  protected ModelWorld(Map<PodName, List<IpAddress>> addresses) {
    for (String name : List.of("x", "y", "z")) {
      namespaces.put(name, Labels.of("team", name).with(Namespace.NAME_LABEL, name));
    }
    PODS.forEach(
        (name, traits) ->
            pods.put(
                name,
                new PolicyPod(
                    name,
                    Labels.of("app", traits.getFirst()),
                    traits.getLast(),
                    addresses.getOrDefault(name, List.of()),
                    ScenarioWorld.PORTS)));
  }

  private static Map<PodName, List<String>> pods() {
    Map<PodName, List<String>> pods = new TreeMap<>();
    pods.put(new PodName("x", "web"), List.of("web", "web"));
    pods.put(new PodName("x", "a"), List.of("a", "reader"));
    pods.put(new PodName("x", "c"), List.of("c", "writer"));
    pods.put(new PodName("y", "b"), List.of("b", "reader"));
    pods.put(new PodName("z", "d"), List.of("d", ""));
    return pods;
  }

  /** Adds or replaces what has no labels; the name is {@code NAMESPACE/NAME} or a name. */
  public final ModelWorld put(ResourceKind kind, String name, String spec) {
    return write(kind, name, "{spec: " + spec + "}");
  }

  /** Adds or replaces a network set with a label role. */
  public final ModelWorld set(String name, String role, String nets) {
    return write(
        name.contains("/") ? Kinds.NETWORK_SET : Kinds.GLOBAL_NETWORK_SET,
        name,
        "{metadata: {labels: {role: '%s'}}, spec: {nets: %s}}".formatted(role, nets));
  }

  /** Adds or replaces the only slice of a service, of one pod in a family. */
  public final ModelWorld slice(String service, String pod, IpFamily family, int port) {
    return write(
        Kinds.ENDPOINT_SLICE,
        service + "-" + family.name().toLowerCase(Locale.ROOT),
        """
        {metadata: {labels: {'kubernetes.io/service-name': '%s'}}, addressType: '%s',
         endpoints: [{addresses: ['%s']}], ports: [{name: 'main', protocol: 'TCP', port: %d}]}
        """
            .formatted(
                service.substring(service.indexOf('/') + 1),
                family == IpFamily.IPV4 ? "IPv4" : "IPv6",
                address(pod, family),
                port));
  }

  private ModelWorld write(ResourceKind kind, String title, String json) {
    ObjectNode document = read(json);
    document.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    ObjectNode metadata = document.withObjectProperty("metadata");
    int slash = title.indexOf('/');
    metadata.put("name", title.substring(slash + 1));
    if (slash > 0) {
      metadata.put("namespace", title.substring(0, slash));
    }
    Written written = new Written(kind, document);
    documents.put(kind.name() + " " + title, written);
    documentWritten(written);
    return this;
  }

  /** Deletes what a case wrote. */
  public final ModelWorld delete(ResourceKind kind, String title) {
    Written gone = documents.remove(kind.name() + " " + title);
    if (gone == null) {
      throw new IllegalArgumentException("no " + kind.name() + " " + title);
    }
    documentDeleted(gone);
    return this;
  }

  private static ObjectNode read(String json) {
    try {
      return (ObjectNode) DOCUMENTS.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  /** A document has been written. */
  protected void documentWritten(Written written) {}

  /** A document has been deleted. */
  protected void documentDeleted(Written written) {}

  /** The tries that do not get through. */
  protected abstract Set<Try> denied(ClusterSnapshot cluster, List<Try> tries);

  /**
   * Holds whatever explains verdicts to what is expected.
   *
   * @param expected what each try's explanation should say, in the words of {@link #ground}
   */
  protected void explained(Map<Try, String> expected) {}

  /** What is written now. */
  protected final List<Written> documents() {
    return List.copyOf(documents.values());
  }

  /** The address of a pod or of {@link #WORLD}. */
  public final IpAddress address(String place, IpFamily family) {
    List<IpAddress> addresses = WORLD_ADDRESSES;
    if (!place.equals(WORLD)) {
      PolicyPod pod = pods.get(name(place));
      if (pod == null) {
        throw new IllegalArgumentException("no pod " + place);
      }
      addresses = pod.addresses();
    }
    return addresses.stream().filter(each -> each.family() == family).findFirst().orElseThrow();
  }

  private static PodName name(String place) {
    int slash = place.indexOf('/');
    return new PodName(place.substring(0, slash), place.substring(slash + 1));
  }

  /** It gets through in both families; {@code pair} is {@code from -> to}. */
  public final ModelWorld allows(String pair, Traffic traffic) {
    for (IpFamily family : IpFamily.values()) {
      expected.add(new Expected(attempt(pair, traffic, family), Optional.empty()));
    }
    return this;
  }

  public final ModelWorld allows(String pair, Traffic traffic, IpFamily family) {
    expected.add(new Expected(attempt(pair, traffic, family), Optional.empty()));
    return this;
  }

  /**
   * It does not get through in either family.
   *
   * @param by direction, pod and ground of the first end that refuses, as verdicts say it in {@link
   *     #ground}
   */
  public final ModelWorld denies(String pair, Traffic traffic, String by) {
    for (IpFamily family : IpFamily.values()) {
      denies(pair, traffic, family, by);
    }
    return this;
  }

  public final ModelWorld denies(String pair, Traffic traffic, IpFamily family, String by) {
    expected.add(new Expected(attempt(pair, traffic, family), Optional.of(by)));
    return this;
  }

  private static Try attempt(String pair, Traffic traffic, IpFamily family) {
    String[] ends = pair.split(" -> ", 2);
    return new Try(
        ends[0],
        ends[1],
        traffic.equals(PING) && family == IpFamily.IPV6 ? PING_V6 : traffic,
        family);
  }

  /** Holds the oracle and the world to what has been said since the last time. */
  public final ModelWorld check() {
    ClusterSnapshot cluster = snapshot();
    Map<Try, String> wanted = new LinkedHashMap<>();
    Map<Try, String> said = new LinkedHashMap<>();
    for (Expected each : expected) {
      Try attempt = each.attempt();
      wanted.put(attempt, each.deniedBy().orElse("allowed"));
      PolicyVerdict verdict = PolicyOracle.verdict(cluster, flow(attempt));
      said.put(attempt, ground(verdict));
    }
    assertThat(said).as("what the oracle says of %s", documents.keySet()).isEqualTo(wanted);
    Set<Try> denied = new HashSet<>();
    expected.stream()
        .filter(each -> each.deniedBy().isPresent())
        .forEach(each -> denied.add(each.attempt()));
    List<Try> tries = expected.stream().map(Expected::attempt).distinct().toList();
    expected.clear();
    expectedDenied.clear();
    expectedDenied.addAll(denied);
    assertThat(denied(cluster, tries)).as("what does not get through").isEqualTo(denied);
    explained(wanted);
    return this;
  }

  /** For judges who look twice before they differ. */
  protected final boolean isExpectedDenied(Try attempt) {
    return expectedDenied.contains(attempt);
  }

  /** The packet of a try. */
  protected final Flow flow(Try attempt) {
    return Flow.between(
        address(attempt.from(), attempt.family()),
        address(attempt.to(), attempt.family()),
        attempt.traffic());
  }

  /**
   * Who refuses and why: {@code to x/web: default, NetworkPolicy.projectcalico.org x/web,
   * ingress[0]} for a rule, {@code from x/a: end of default, NetworkPolicy x/p} for the end of a
   * tier and the policies that apply in it.
   */
  public static String ground(PolicyVerdict verdict) {
    for (PolicyVerdict.End end : verdict.ends()) {
      if (!end.ground().allows()) {
        String who =
            switch (end.direction()) {
                  case INGRESS -> "to ";
                  case EGRESS -> "from ";
                }
                + end.pod()
                + ": ";
        return who
            + switch (end.ground()) {
              case PolicyVerdict.Ground.ByRule(_, var tier, var policy, var path) ->
                  "%s, %s, %s".formatted(tier, policy, path);
              case PolicyVerdict.Ground.EndOfTier(var tier, var policies) ->
                  "end of %s, %s"
                      .formatted(
                          tier,
                          policies.stream()
                              .map(PolicyName::toString)
                              .collect(Collectors.joining(", ")));
              case PolicyVerdict.Ground.AfterTiers() -> "after tiers";
            };
      }
    }
    return "allowed";
  }

  private ClusterSnapshot snapshot() {
    List<PolicySet> sets = new ArrayList<>();
    List<PolicyTier> tiers = new ArrayList<>();
    List<PolicySpec> policies = new ArrayList<>();
    Map<ServiceName, Set<GroupMember>> services = new TreeMap<>(ORDER);
    for (Written each : documents.values()) {
      Optional<PolicyKind> kind = PolicyKind.of(each.kind().name());
      if (kind.isPresent()) {
        policies.add(PolicyDocuments.read(kind.get(), each.document()));
      } else if (each.kind().equals(Kinds.TIER)) {
        tiers.add(PolicyTier.of(Tier.read(each.document())));
      } else if (each.kind().equals(Kinds.ENDPOINT_SLICE)) {
        EndpointSlice slice = EndpointSlice.read(each.document());
        Set<GroupMember> members =
            services.computeIfAbsent(
                new ServiceName(slice.namespace(), slice.service()), _ -> new HashSet<>());
        slice
            .endpoints()
            .forEach(
                endpoint ->
                    slice
                        .ports()
                        .forEach(
                            port ->
                                members.add(
                                    GroupMember.of(
                                        endpoint.addresses().getFirst(),
                                        port.protocol(),
                                        port.port()))));
      } else {
        sets.add(PolicySet.of(NetworkSet.read(each.document())));
      }
    }
    return new ClusterSnapshot(
        namespaces,
        ACCOUNTS,
        Map.of(),
        List.copyOf(pods.values()),
        sets,
        List.of(),
        services,
        tiers,
        policies);
  }

  /** TCP to port 80. */
  public static final Traffic TCP = Traffic.tcp(80);

  /** TCP to port 81. */
  public static final Traffic TCP_81 = Traffic.tcp(81);

  /** UDP to port 80. */
  public static final Traffic UDP = Traffic.udp(80);

  /** UDP to port 81. */
  public static final Traffic UDP_81 = Traffic.udp(81);

  /** SCTP to port 80. */
  public static final Traffic SCTP = Traffic.sctp(80);

  /** SCTP to port 81. */
  public static final Traffic SCTP_81 = Traffic.sctp(81);

  /** To a port, over a protocol. */
  public static Traffic to(Protocol protocol, int port) {
    return new Traffic.Transport(protocol, port);
  }
}
