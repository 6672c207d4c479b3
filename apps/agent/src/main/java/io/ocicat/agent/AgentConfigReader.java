package io.ocicat.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.ocicat.agent.AgentConfig.Folders;
import io.ocicat.inet.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
 * nodeName: node-1                    # required
 * nodeAddresses: [192.0.2.1]          # required
 * controller: 192.0.2.10:7946         # none: enforce what is remembered
 * joinToken: …                        # or joinTokenFile
 * stateDir: /var/lib/ocicat
 * runDir: /run/ocicat
 * cniBinDir: /opt/cni/bin
 * cniConfDir: /etc/cni/net.d
 * networkName: ocicat
 * labels: {zone: a}
 * driftCheckSeconds: 10
 * </pre>
 */
public final class AgentConfigReader {

  private static final List<String> FIELDS =
      List.of(
          "nodeName",
          "nodeAddresses",
          "controller",
          "joinToken",
          "joinTokenFile",
          "stateDir",
          "runDir",
          "cniBinDir",
          "cniConfDir",
          "networkName",
          "labels",
          "driftCheckSeconds");
  private static final Pattern NODE_NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
  private static final Pattern NETWORK_NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]*");
  private static final int MAX_SOCKET_PATH_BYTES = 107;

  private final JsonNode document;
  private final Path folder;
  private final List<String> problems = new ArrayList<>();

  private AgentConfigReader(JsonNode document, Path folder) {
    this.document = document;
    this.folder = folder;
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
      return parse(Files.readString(file), file.toAbsolutePath().resolveSibling(""));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the agent's configuration " + file, e);
    }
  }

  static Reading parse(String yaml, Path folder) {
    JsonNode document;
    try {
      document = new YAMLMapper().readTree(yaml);
    } catch (JsonProcessingException e) {
      return new Reading.Invalid(List.of("it is not YAML: " + e.getOriginalMessage()));
    }
    if (document == null || !document.isObject()) {
      return new Reading.Invalid(List.of("it is not a mapping of fields to values"));
    }
    return new AgentConfigReader(document, folder).read();
  }

  private Reading read() {
    document.fieldNames().forEachRemaining(this::judgeFieldName);
    AgentConfig config =
        new AgentConfig(
            nodeName(),
            nodeAddresses(),
            controllers(),
            joinToken(),
            labels(),
            folders(),
            networkName(),
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
    String name = text("nodeName", "");
    if (name.isEmpty()) {
      problems.add("nodeName: missing");
    } else if (!NODE_NAME.matcher(name).matches()) {
      problems.add("nodeName: '" + name + "' is not lower case letters, digits, '-' and '.'");
    }
    return name;
  }

  private List<IpAddress> nodeAddresses() {
    List<IpAddress> addresses = new ArrayList<>();
    JsonNode list = document.path("nodeAddresses");
    if (!list.isArray() || list.isEmpty()) {
      problems.add("nodeAddresses: missing; a list of the addresses where other nodes reach it");
    }
    for (JsonNode one : list) {
      IpAddress.tryParse(one.asText())
          .ifPresentOrElse(
              addresses::add,
              () -> problems.add("nodeAddresses: not an IP address: '" + one.asText() + "'"));
    }
    return addresses;
  }

  private List<InetSocketAddress> controllers() {
    String text = text("controller", "");
    if (text.isEmpty()) {
      return List.of();
    }
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon).replaceAll("^\\[(.*)]$", "$1");
    int port = colon < 0 ? 0 : number(text.substring(colon + 1)).orElse(0);
    if (host.isEmpty() || port < 1 || port > 65535) {
      problems.add("controller: '" + text + "' is not host:port");
      return List.of();
    }
    Optional<IpAddress> address = IpAddress.tryParse(host);
    return List.of(
        address.isPresent()
            ? new InetSocketAddress(address.get().toInetAddress(), port)
            : InetSocketAddress.createUnresolved(host, port));
  }

  private static Optional<Integer> number(String text) {
    return text.matches("[0-9]{1,9}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
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

  private Duration driftCheck() {
    String text = text("driftCheckSeconds", "10");
    int seconds = number(text).orElse(0);
    if (seconds < 1) {
      problems.add("driftCheckSeconds: '" + text + "' is not a number from 1");
    }
    return Duration.ofSeconds(seconds);
  }
}
