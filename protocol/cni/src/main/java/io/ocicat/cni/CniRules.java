package io.ocicat.cni;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.ocicat.inet.IpAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The checks, each of which throws the error it found. */
final class CniRules {

  private static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.\\-]*");
  private static final int MAX_IFNAME_BYTES = 15;

  private CniRules() {}

  static final class Violation extends RuntimeException {
    final transient CniError error;

    Violation(CniErrorCode code, String message, String details) {
      super(message, null, false, false);
      this.error = new CniError(code, message, details);
    }

    Violation(CniErrorCode code, String message) {
      this(code, message, "");
    }
  }

  static CniCommand command(CniFrame.Request request) {
    String text = request.variable("CNI_COMMAND");
    return CniCommand.of(text)
        .filter(command -> command != CniCommand.VERSION)
        .orElseThrow(
            () ->
                new Violation(
                    CniErrorCode.INVALID_ENVIRONMENT, "unknown CNI_COMMAND: '" + text + "'"));
  }

  static void requireVariables(CniCommand command, CniFrame.Request request) {
    String missing =
        command.requiredVariables().stream()
            .filter(name -> request.variable(name).isEmpty())
            .collect(Collectors.joining(","));
    if (!missing.isEmpty()) {
      throw new Violation(
          CniErrorCode.INVALID_ENVIRONMENT, "required env variables [" + missing + "] missing");
    }
    if (!command.requiredVariables().contains("CNI_CONTAINERID")) {
      return;
    }
    String containerId = request.variable("CNI_CONTAINERID");
    if (!NAME.matcher(containerId).matches()) {
      throw new Violation(
          CniErrorCode.INVALID_ENVIRONMENT,
          "invalid characters in CNI_CONTAINERID: '" + containerId + "'");
    }
    String ifName = request.variable("CNI_IFNAME");
    Optional<String> problem = ifNameProblem(ifName);
    if (problem.isPresent()) {
      throw new Violation(
          CniErrorCode.INVALID_ENVIRONMENT,
          "invalid CNI_IFNAME: '" + ifName + "' " + problem.get());
    }
  }

  private static Optional<String> ifNameProblem(String ifName) {
    if (ifName.length() > MAX_IFNAME_BYTES) {
      return Optional.of("is longer than 15 characters");
    }
    if (ifName.equals(".") || ifName.equals("..")) {
      return Optional.of("is a directory's name");
    }
    boolean unusable =
        ifName
            .chars()
            .anyMatch(c -> c == '/' || c == ':' || Character.isWhitespace(c) || c < ' ' || c > '~');
    return unusable
        ? Optional.of("contains a slash, a colon, whitespace or a character beyond ASCII")
        : Optional.empty();
  }

  static JsonNode document(String stdin) {
    JsonNode document;
    try {
      document = JSON.readValue(stdin);
    } catch (JsonProcessingException e) {
      throw new Violation(
          CniErrorCode.DECODE_FAILURE,
          "the network configuration on stdin is not JSON: " + e.getOriginalMessage());
    }
    if (document == null || !document.isObject()) {
      throw new Violation(
          CniErrorCode.DECODE_FAILURE, "the network configuration on stdin is not a JSON object");
    }
    return document;
  }

  static NetConf conf(CniCommand command, JsonNode document) {
    String name = document.path("name").asText();
    if (name.isEmpty()) {
      throw new Violation(CniErrorCode.INVALID_CONFIG, "missing network name");
    }
    if (!NAME.matcher(name).matches()) {
      throw new Violation(
          CniErrorCode.INVALID_CONFIG, "invalid characters in network name: '" + name + "'");
    }
    JsonNode given = document.path("cniVersion");
    if (!given.isMissingNode() && !given.isTextual()) {
      throw new Violation(CniErrorCode.DECODE_FAILURE, "cniVersion is not a text but " + given);
    }
    String asked = given.asText("0.1.0");
    String supported =
        Arrays.stream(CniVersion.values())
            .map(CniVersion::toString)
            .collect(Collectors.joining(", "));
    CniVersion version =
        CniVersion.of(asked)
            .orElseThrow(
                () ->
                    new Violation(
                        CniErrorCode.INCOMPATIBLE_VERSION,
                        "incompatible CNI versions",
                        "config is \"%s\", plugin supports [%s]".formatted(asked, supported)));
    CniVersion oldest =
        switch (command) {
          case CHECK -> CniVersion.V0_4_0;
          case STATUS, GC -> CniVersion.V1_1_0;
          case ADD, DEL, VERSION -> CniVersion.V0_3_0;
        };
    if (!version.isAtLeast(oldest)) {
      throw new Violation(
          CniErrorCode.INCOMPATIBLE_VERSION,
          "config version \"%s\" does not allow %s, which came with %s"
              .formatted(version, command, oldest));
    }
    return new NetConf(version, name, document);
  }

  static CniCall call(CniCommand command, CniFrame.Request request, NetConf conf) {
    AttachmentKey key =
        new AttachmentKey(request.variable("CNI_CONTAINERID"), request.variable("CNI_IFNAME"));
    return switch (command) {
      case ADD -> {
        CniArgs args = args(request);
        yield new CniCall.Add(
            conf, key, netns(request), args, conf.labels(), requestedAddresses(conf, args));
      }
      case DEL -> new CniCall.Del(conf, key);
      case CHECK ->
          new CniCall.Check(
              conf,
              key,
              netns(request),
              conf.prevResult()
                  .orElseThrow(
                      () ->
                          new Violation(
                              CniErrorCode.INVALID_CONFIG,
                              "CHECK needs the result of ADD as prevResult, which is missing or"
                                  + " malformed")));
      case GC -> new CniCall.Gc(conf, conf.validAttachments());
      case STATUS -> new CniCall.Status(conf);
      case VERSION -> throw new IllegalStateException("VERSION passed the check of commands");
    };
  }

  private static CniArgs args(CniFrame.Request request) {
    return switch (CniArgs.parse(request.variable("CNI_ARGS"))) {
      case CniArgs.Reading.Understood(CniArgs args) -> args;
      case CniArgs.Reading.Malformed(List<String> problems) ->
          throw new Violation(
              CniErrorCode.INVALID_ENVIRONMENT, "invalid CNI_ARGS: " + String.join("; ", problems));
    };
  }

  private static List<IpAddress> requestedAddresses(NetConf conf, CniArgs args) {
    try {
      return conf.requestedAddresses(args);
    } catch (IllegalArgumentException e) {
      throw new Violation(
          CniErrorCode.INVALID_CONFIG, "a requested address is malformed: " + e.getMessage());
    }
  }

  private static NetnsReference netns(CniFrame.Request request) {
    String path = request.variable("CNI_NETNS");
    String inode = request.variable("OCICAT_NETNS_INODE");
    String override = request.variable("CNI_NETNS_OVERRIDE").toUpperCase(Locale.ROOT);
    boolean mayBeOwn = override.equals("TRUE") || override.equals("1");
    if (!mayBeOwn && !inode.isEmpty() && inode.equals(request.variable("OCICAT_OWN_INODE"))) {
      throw new Violation(
          CniErrorCode.INVALID_NETNS,
          "CNI_NETNS " + path + " is the network namespace that the plugin itself runs in");
    }
    String pid = request.variable("OCICAT_PID");
    String fd = request.variable("OCICAT_NETNS_FD");
    String heldPath = pid.isEmpty() || fd.isEmpty() ? "" : "/proc/" + pid + "/fd/" + fd;
    return new NetnsReference(path, heldPath, inode.isEmpty() ? 0 : parseInode(inode));
  }

  private static long parseInode(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new Violation(
          CniErrorCode.INVALID_ENVIRONMENT, "OCICAT_NETNS_INODE is not a number: '" + text + "'");
    }
  }
}
