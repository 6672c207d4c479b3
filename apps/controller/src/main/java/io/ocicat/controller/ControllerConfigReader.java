package io.ocicat.controller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.ocicat.inet.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
 * </pre>
 *
 * <p>Relative paths count from the file's folder, but those of the last two from {@code stateDir}
 * when they are left out.
 */
public final class ControllerConfigReader {

  private static final List<String> FIELDS =
      List.of(
          "stateDir", "apiListen", "syncListen", "syncNetns", "kubeconfigFile", "joinTokenFile");

  private final JsonNode document;
  private final Path folder;
  private final List<String> problems = new ArrayList<>();

  private ControllerConfigReader(JsonNode document, Path folder) {
    this.document = document;
    this.folder = folder;
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
      return parse(Files.readString(file), file.toAbsolutePath().resolveSibling(""));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the controller's configuration " + file, e);
    }
  }

  static Reading parse(String yaml, Path folder) {
    try {
      JsonNode document = new YAMLMapper().readTree(yaml);
      if (!document.isObject() && !document.isMissingNode()) {
        return new Reading.Invalid(List.of("it is not a mapping of fields to values"));
      }
      return new ControllerConfigReader(document, folder).read();
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
            path("joinTokenFile").orElse(state.resolve("join-token")));
    return problems.isEmpty() ? new Reading.Valid(config) : new Reading.Invalid(problems);
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
