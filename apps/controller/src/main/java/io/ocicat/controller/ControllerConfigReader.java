package io.ocicat.controller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.ocicat.controller.kubernetes.KubernetesConfig;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code controller.yaml}, and says all that is wrong with it at once.
 *
 * <pre>
 * stateDir: /var/lib/ocicat/controller
 * apiListen: 127.0.0.1:6443
 * syncListen: 0.0.0.0:7946
 * syncNetns: /var/run/netns/x       # none: the process's own
 * kubeconfigFile: kubeconfig        # in stateDir
 * joinTokenFile: join-token         # in stateDir
 * healthListen: 0.0.0.0:9440        # none
 * store: sqlite                     # or kubernetes, for which there is the rest:
 * kubernetes:
 *   kubeconfig: /path               # none: as a pod
 *   namespace: kube-system          # or the variable OCICAT_NAMESPACE
 *   replica: ocicat-controller-x    # or the variable OCICAT_POD_NAME
 *   advertise: 192.0.2.10:7946      # or the variable OCICAT_ADVERTISE, with or without a port
 *   agentServiceAccount: ocicat-agent
 *   ipam: blocks                    # or podCIDR
 * </pre>
 *
 * <p>Relative paths count from the file's folder, but those of the last two from {@code stateDir}
 * when they are left out.
 */
public final class ControllerConfigReader {

  private static final List<String> FIELDS =
      List.of(
          "stateDir",
          "apiListen",
          "syncListen",
          "syncNetns",
          "kubeconfigFile",
          "joinTokenFile",
          "healthListen",
          "store",
          "kubernetes");

  private static final List<String> KUBERNETES_FIELDS =
      List.of("kubeconfig", "namespace", "replica", "advertise", "agentServiceAccount", "ipam");

  private final JsonNode document;
  private final Path folder;
  private final Map<String, String> environment;
  private final List<String> problems = new ArrayList<>();

  private ControllerConfigReader(JsonNode document, Path folder, Map<String, String> environment) {
    this.document = document;
    this.folder = folder;
    this.environment = environment;
  }

  /** What came of reading. */
  public sealed interface Reading {

    record Valid(ControllerConfig config) implements Reading {}

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
   * @throws UncheckedIOException if the file cannot be read
   */
  public static Reading read(Path file) {
    try {
      return parse(
          Files.readString(file), file.toAbsolutePath().resolveSibling(""), System.getenv());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the controller's configuration " + file, e);
    }
  }

  static Reading parse(String yaml, Path folder, Map<String, String> environment) {
    try {
      JsonNode document = new YAMLMapper().readTree(yaml);
      if (!document.isObject() && !document.isMissingNode()) {
        return new Reading.Invalid(List.of("it is not a mapping of fields to values"));
      }
      return new ControllerConfigReader(document, folder, environment).read();
    } catch (JsonProcessingException e) {
      return new Reading.Invalid(List.of("it is not YAML: " + e.getOriginalMessage()));
    }
  }

  private Reading read() {
    document
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!FIELDS.contains(name)) {
                problems.add(
                    "unknown field '%s'; the fields are %s"
                        .formatted(name, String.join(", ", FIELDS)));
              }
            });
    Path state = path("stateDir").orElse(Path.of("/var/lib/ocicat/controller"));
    ControllerConfig config =
        new ControllerConfig(
            state,
            address("apiListen", "127.0.0.1:6443"),
            address("syncListen", "0.0.0.0:7946"),
            path("syncNetns"),
            path("kubeconfigFile").orElse(state.resolve("kubeconfig")),
            path("joinTokenFile").orElse(state.resolve("join-token")),
            document.has("healthListen")
                ? Optional.of(address("healthListen", ""))
                : Optional.empty(),
            kubernetes());
    return problems.isEmpty() ? new Reading.Valid(config) : new Reading.Invalid(problems);
  }

  private Optional<KubernetesConfig> kubernetes() {
    JsonNode section = document.path("kubernetes");
    String store = document.path("store").asText("sqlite");
    if (!store.equals("kubernetes")) {
      if (!store.equals("sqlite")) {
        problems.add("store: '" + store + "' is neither sqlite nor kubernetes");
      }
      if (!section.isMissingNode()) {
        problems.add("kubernetes: only with store: kubernetes");
      }
      return Optional.empty();
    }
    section
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!KUBERNETES_FIELDS.contains(name)) {
                problems.add(
                    "unknown field 'kubernetes.%s'; the fields are %s"
                        .formatted(name, String.join(", ", KUBERNETES_FIELDS)));
              }
            });
    String kubeconfig = section.path("kubeconfig").asText();
    return Optional.of(
        new KubernetesConfig(
            kubeconfig.isEmpty() ? Optional.empty() : Optional.of(folder.resolve(kubeconfig)),
            needed(section, "namespace", "OCICAT_NAMESPACE"),
            needed(section, "replica", "OCICAT_POD_NAME"),
            advertised(needed(section, "advertise", "OCICAT_ADVERTISE")),
            section.path("agentServiceAccount").asText("ocicat-agent"),
            blocks(section.path("ipam").asText("blocks"))));
  }

  private String needed(JsonNode section, String field, String variable) {
    String text = section.path(field).asText(environment.getOrDefault(variable, ""));
    if (text.isEmpty()) {
      problems.add("kubernetes." + field + ": missing, and so is the variable " + variable);
    }
    return text;
  }

  /** An address alone gets the port on which agents are served. */
  private String advertised(String text) {
    Optional<IpAddress> alone = IpAddress.tryParse(text);
    if (alone.isEmpty()) {
      return text;
    }
    int port = address("syncListen", "0.0.0.0:7946").getPort();
    return alone.get().family() == IpFamily.IPV6 ? "[" + text + "]:" + port : text + ":" + port;
  }

  private ClusterSide.Blocks blocks(String text) {
    return switch (text) {
      case "blocks" -> ClusterSide.Blocks.LEASED;
      case "podCIDR" -> ClusterSide.Blocks.POD_CIDRS;
      default -> {
        problems.add("kubernetes.ipam: '" + text + "' is neither blocks nor podCIDR");
        yield ClusterSide.Blocks.LEASED;
      }
    };
  }

  private Optional<Path> path(String field) {
    String text = document.path(field).asText();
    return text.isEmpty() ? Optional.empty() : Optional.of(folder.resolve(text));
  }

  private InetSocketAddress address(String field, String absent) {
    String text = document.path(field).asText(absent);
    int colon = text.lastIndexOf(':');
    String host = text.substring(0, Math.max(0, colon)).replaceAll("^\\[(.*)]$", "$1");
    Optional<IpAddress> address = IpAddress.tryParse(host);
    String port = text.substring(colon + 1);
    if (address.isEmpty() || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
      problems.add(field + ": '" + text + "' is not ADDRESS:PORT or [ADDRESS]:PORT");
      return new InetSocketAddress(0);
    }
    return new InetSocketAddress(address.get().toInetAddress(), Integer.parseInt(port));
  }
}
