package io.ocicat.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.ocicat.agent.AgentConfig.Controllers;
import io.ocicat.agent.AgentConfig.Folders;
import io.ocicat.agent.address.AddressMethod;
import io.ocicat.agent.address.NodeAddressing;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads {@code agent.yaml}, and says all that is wrong with it at once.
 *
 * <pre>
 * nodeName: node-1                    # required; or the variable OCICAT_NODE_NAME
 * nodeAddresses: [192.0.2.1]          # or {ipv4: can-reach=192.0.2.254, ipv6: first-found}
 * controllers: [192.0.2.10:7946]      # none: enforce what is remembered; or controller: …
 * controllersFile: /etc/ocicat/cluster/controllers
 * joinToken: …                        # or joinTokenFile
 * serviceAccount:                     # instead of a join token, on Kubernetes
 *   tokenFile: /var/run/secrets/ocicat/token
 *   authorityFile: /etc/ocicat/cluster/ca.crt
 * stateDir: /var/lib/ocicat
 * runDir: /run/ocicat
 * cniBinDir: /opt/cni/bin
 * cniConfDir: /etc/cni/net.d
 * cni: {removeOnShutdown: true}
 * networkName: ocicat
 * labels: {zone: a}
 * routes: direct                      # or bgp
 * driftCheckSeconds: 10
 * </pre>
 *
 * <p>Without {@code nodeAddresses} a node of Kubernetes uses its InternalIPs, which the variable
 * OCICAT_NODE_ADDRESSES lists; any other the first that are found. So does a family for which a
 * mapping names no method; {@code none} is for the one that shall have no address. The methods are
 * those of {@link AddressMethod#FORMS}.
 */
public final class AgentConfigReader {

  private static final List<String> FIELDS =
      List.of(
          "nodeName",
          "nodeAddresses",
          "controller",
          "controllers",
          "controllersFile",
          "joinToken",
          "joinTokenFile",
          "serviceAccount",
          "stateDir",
          "runDir",
          "cniBinDir",
          "cniConfDir",
          "cni",
          "networkName",
          "labels",
          "routes",
          "driftCheckSeconds");
  private static final Pattern NODE_NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
  private static final Pattern NETWORK_NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]*");
  private static final int MAX_SOCKET_PATH_BYTES = 107;

  static final String NODE_NAME_VARIABLE = "OCICAT_NODE_NAME";
  static final String ADDRESSES_VARIABLE = "OCICAT_NODE_ADDRESSES";

  private final JsonNode document;
  private final Path folder;
  private final Map<String, String> environment;
  private final List<String> problems = new ArrayList<>();

  private AgentConfigReader(JsonNode document, Path folder, Map<String, String> environment) {
    this.document = document;
    this.folder = folder;
    this.environment = environment;
  }

  /** What came of reading. */
  public sealed interface Reading {
    record Valid(AgentConfig config) implements Reading {}

    /**
     * @param problems all of them, each with the field it is about
     */
    record Invalid(List<String> problems) implements Reading {
      public Invalid {
        problems = List.copyOf(problems);
      }
    }
  }

  /**
   * Reads a file. Relative paths in it count from its folder.
   *
   * @throws UncheckedIOException if it cannot be read
   */
  public static Reading read(Path file) {
    try {
      return parse(
          Files.readString(file), file.toAbsolutePath().resolveSibling(""), System.getenv());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the agent's configuration " + file, e);
    }
  }

  /**
   * Where the agent of that file keeps its things. Nothing else in the file is looked at.
   *
   * @throws UncheckedIOException if it cannot be read
   */
  public static Folders readFolders(Path file) {
    try {
      JsonNode document = new YAMLMapper().readTree(file.toFile());
      return new AgentConfigReader(document, file.toAbsolutePath().resolveSibling(""), Map.of())
          .folders();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the agent's configuration " + file, e);
    }
  }

  static Reading parse(String yaml, Path folder, Map<String, String> environment) {
    JsonNode document;
    try {
      document = new YAMLMapper().readTree(yaml);
    } catch (JsonProcessingException e) {
      return new Reading.Invalid(List.of("it is not YAML: " + e.getOriginalMessage()));
    }
    if (document == null || !document.isObject()) {
      return new Reading.Invalid(List.of("it is not a mapping of fields to values"));
    }
    return new AgentConfigReader(document, folder, environment).read();
  }

  private Reading read() {
    document.fieldNames().forEachRemaining(this::judgeFieldName);
    AgentConfig config =
        new AgentConfig(
            nodeName(),
            nodeAddresses(),
            internalAddresses(),
            controllers(),
            joining(),
            labels(),
            folders(),
            networkName(),
            removeOnShutdown(),
            routes(),
            driftCheck());
    return problems.isEmpty() ? new Reading.Valid(config) : new Reading.Invalid(problems);
  }

  private void judgeFieldName(String name) {
    if (!FIELDS.contains(name)) {
      String hint =
          FIELDS.stream()
              .filter(field -> similar(field, name))
              .findFirst()
              .map(field -> "; did you mean '" + field + "'?")
              .orElse("; the fields are " + String.join(", ", FIELDS));
      problems.add("unknown field '" + name + "'" + hint);
    }
  }

  /** Equal but for case, separators and at most two characters. */
  private static boolean similar(String field, String name) {
    String a = field.toLowerCase(Locale.ROOT);
    String b = name.toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()] <= 2;
  }

  private String text(String field, String absent) {
    JsonNode node = document.path(field);
    if (node.isMissingNode() || node.isNull()) {
      return absent;
    }
    if (!node.isValueNode()) {
      problems.add(field + ": not a text but " + node);
      return absent;
    }
    return node.asText();
  }

  private String nodeName() {
    String name = text("nodeName", environment.getOrDefault(NODE_NAME_VARIABLE, ""));
    if (name.isEmpty()) {
      problems.add("nodeName: missing, and so is the variable " + NODE_NAME_VARIABLE);
    } else if (!NODE_NAME.matcher(name).matches()) {
      problems.add("nodeName: '" + name + "' is not lower case letters, digits, '-' and '.'");
    }
    return name;
  }

  private NodeAddressing nodeAddresses() {
    NodeAddressing byDefault =
        NodeAddressing.byDefault(
            environment.getOrDefault(ADDRESSES_VARIABLE, "").isBlank()
                ? new AddressMethod.FirstFound()
                : new AddressMethod.KubernetesInternalIp());
    JsonNode node = document.path("nodeAddresses");
    if (node.isMissingNode() || node.isNull()) {
      return byDefault;
    }
    Map<IpFamily, AddressMethod> methods = new EnumMap<>(IpFamily.class);
    if (node.isArray() && !node.isEmpty()) {
      node.forEach(one -> givenAddress(one.asText(), methods));
    } else if (node.isObject() && !node.isEmpty()) {
      node.properties().forEach(one -> method(one.getKey(), one.getValue().asText(), methods));
      return byDefault.with(methods);
    } else {
      problems.add(
          "nodeAddresses: neither a list of addresses nor a mapping of ipv4 and ipv6 to methods: "
              + AddressMethod.FORMS);
    }
    return NodeAddressing.by(methods);
  }

  private void givenAddress(String text, Map<IpFamily, AddressMethod> methods) {
    IpAddress.tryParse(text)
        .ifPresentOrElse(
            address -> {
              if (methods.put(address.family(), new AddressMethod.Given(address)) != null) {
                problems.add("nodeAddresses: more than one address of a family: " + text);
              }
            },
            () -> problems.add("nodeAddresses: not an IP address: '" + text + "'"));
  }

  private void method(String family, String text, Map<IpFamily, AddressMethod> methods) {
    if (!family.equals("ipv4") && !family.equals("ipv6")) {
      problems.add("nodeAddresses: unknown field '" + family + "'; the fields are ipv4, ipv6");
      return;
    }
    IpFamily key = family.equals("ipv4") ? IpFamily.IPV4 : IpFamily.IPV6;
    AddressMethod.parse(text)
        .ifPresentOrElse(
            method -> methods.put(key, method),
            () ->
                problems.add(
                    "nodeAddresses.%s: '%s' is no method; there are %s"
                        .formatted(family, text, AddressMethod.FORMS)));
  }

  private List<IpAddress> internalAddresses() {
    List<IpAddress> addresses = new ArrayList<>();
    for (String one : environment.getOrDefault(ADDRESSES_VARIABLE, "").split(",", -1)) {
      if (!one.isBlank()) {
        IpAddress.tryParse(one.strip())
            .ifPresentOrElse(
                addresses::add,
                () -> problems.add(ADDRESSES_VARIABLE + ": not an IP address: '" + one + "'"));
      }
    }
    return addresses;
  }

  private Controllers controllers() {
    List<InetSocketAddress> fixed = new ArrayList<>();
    String single = text("controller", "");
    if (!single.isEmpty()) {
      controller("controller", single, fixed);
    }
    document.path("controllers").forEach(one -> controller("controllers", one.asText(), fixed));
    String file = text("controllersFile", "");
    return new Controllers(
        fixed, file.isEmpty() ? Optional.empty() : Optional.of(folder.resolve(file)));
  }

  private void controller(String field, String text, List<InetSocketAddress> fixed) {
    HostPort.parse(text)
        .ifPresentOrElse(
            fixed::add, () -> problems.add(field + ": '" + text + "' is not host:port"));
  }

  private static Optional<Integer> number(String text) {
    return text.matches("[0-9]{1,9}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
  }

  private Joining joining() {
    String token = joinToken();
    JsonNode account = document.path("serviceAccount");
    if (account.isMissingNode() || account.isNull()) {
      return token.isEmpty() ? new Joining.Never() : new Joining.ByToken(token);
    }
    String tokenFile = account.path("tokenFile").asText();
    String authorityFile = account.path("authorityFile").asText();
    if (tokenFile.isEmpty() || authorityFile.isEmpty() || account.size() != 2) {
      problems.add("serviceAccount: it has the fields tokenFile and authorityFile, both required");
    }
    if (!token.isEmpty()) {
      problems.add("serviceAccount and joinToken: give one of them");
    }
    return new Joining.ByServiceAccount(folder.resolve(tokenFile), folder.resolve(authorityFile));
  }

  private boolean removeOnShutdown() {
    JsonNode cni = document.path("cni");
    JsonNode remove = cni.path("removeOnShutdown");
    boolean known = cni.isMissingNode() || cni.isNull() || (cni.isObject() && remove.isBoolean());
    if (!known || cni.size() > 1) {
      problems.add("cni: it has one field, removeOnShutdown, true or false");
    }
    return remove.asBoolean(true);
  }

  private String joinToken() {
    String token = text("joinToken", "");
    String file = text("joinTokenFile", "");
    if (!token.isEmpty() && !file.isEmpty()) {
      problems.add("joinToken and joinTokenFile: give one of them");
    }
    if (file.isEmpty()) {
      return token;
    }
    try {
      return Files.readString(folder.resolve(file)).strip();
    } catch (IOException e) {
      problems.add("joinTokenFile: cannot read " + folder.resolve(file) + ": " + e);
      return "";
    }
  }

  private Map<String, String> labels() {
    Map<String, String> labels = new LinkedHashMap<>();
    JsonNode node = document.path("labels");
    if (!node.isMissingNode() && !node.isNull() && !node.isObject()) {
      problems.add("labels: not a mapping but " + node);
    }
    Iterator<Map.Entry<String, JsonNode>> entries = node.properties().iterator();
    while (entries.hasNext()) {
      Map.Entry<String, JsonNode> entry = entries.next();
      labels.put(entry.getKey(), entry.getValue().asText());
    }
    return labels;
  }

  private Folders folders() {
    Folders folders =
        new Folders(
            path("stateDir", Folders.DEFAULT.state()),
            path("runDir", Folders.DEFAULT.run()),
            path("cniBinDir", Folders.DEFAULT.cniBin()),
            path("cniConfDir", Folders.DEFAULT.cniConf()));
    if (folders.socket().toString().length() > MAX_SOCKET_PATH_BYTES) {
      problems.add(
          "runDir: the socket's path %s is longer than the %d bytes that Unix sockets allow"
              .formatted(folders.socket(), MAX_SOCKET_PATH_BYTES));
    }
    return folders;
  }

  private Path path(String field, Path absent) {
    String text = text(field, "");
    return text.isEmpty() ? absent : folder.resolve(text).normalize();
  }

  private String networkName() {
    String name = text("networkName", "ocicat");
    if (!NETWORK_NAME.matcher(name).matches()) {
      problems.add("networkName: '" + name + "' is not letters, digits, '_', '.' and '-'");
    }
    return name;
  }

  private AgentConfig.Routes routes() {
    String word = text("routes", "direct");
    return switch (word) {
      case "direct" -> AgentConfig.Routes.DIRECT;
      case "bgp" -> AgentConfig.Routes.BGP;
      default -> {
        problems.add("routes: '" + word + "' is neither direct nor bgp");
        yield AgentConfig.Routes.DIRECT;
      }
    };
  }

  private Duration driftCheck() {
    String text = text("driftCheckSeconds", "10");
    int seconds = number(text).orElse(0);
    if (seconds < 1) {
      problems.add("driftCheckSeconds: '" + text + "' is not a number from 1");
    }
    return Duration.ofSeconds(seconds);
  }
}
