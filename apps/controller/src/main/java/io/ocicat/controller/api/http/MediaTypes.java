package io.ocicat.controller.api.http;

import io.ocicat.controller.api.ApiException;
import io.ocicat.controller.api.ApiStatus;
import io.ocicat.controller.api.StatusReason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Media types with parameters, and the choice among those that a client accepts. */
final class MediaTypes {

  static final String JSON = "application/json";
  static final String YAML = "application/yaml";

  private MediaTypes() {}

  /** One media type; type and parameter names are in lower case. */
  record MediaType(String type, Map<String, String> parameters) {

    static MediaType parse(String text) {
      String[] parts = text.split(";");
      Map<String, String> parameters = new LinkedHashMap<>();
      for (int i = 1; i < parts.length; i++) {
        int equals = parts[i].indexOf('=');
        if (equals > 0) {
          parameters.put(
              parts[i].substring(0, equals).strip().toLowerCase(Locale.ROOT),
              parts[i].substring(equals + 1).strip());
        }
      }
      return new MediaType(parts[0].strip().toLowerCase(Locale.ROOT), parameters);
    }

    private double quality() {
      try {
        return Double.parseDouble(parameters.getOrDefault("q", "1"));
      } catch (NumberFormatException _) {
        return 0;
      }
    }

    String parameter(String name) {
      return parameters.getOrDefault(name, "");
    }
  }

  /** How an object goes out. */
  enum Form {
    OBJECT,
    TABLE,
    METADATA
  }

  /**
   * The representation chosen. {@code version} is that of {@code meta.k8s.io} for tables and
   * metadata, else empty.
   */
  record Representation(Form form, String version, boolean yaml) {

    static final Representation PLAIN = new Representation(Form.OBJECT, "", false);
  }

  /** What the client accepts, best first. */
  static List<MediaType> accepted(Optional<String> header) {
    List<MediaType> types = new ArrayList<>();
    for (String part : header.filter(text -> !text.isBlank()).orElse("*/*").split(",")) {
      types.add(MediaType.parse(part));
    }
    types.removeIf(type -> type.quality() <= 0);
    types.sort(Comparator.comparingDouble(MediaType::quality).reversed());
    return types;
  }

  /**
   * The best representation of resources that the client accepts.
   *
   * @throws ApiException 406 if there is none
   */
  static Representation negotiate(Optional<String> header) {
    for (MediaType type : accepted(header)) {
      Optional<Representation> representation = representation(type);
      if (representation.isPresent()) {
        return representation.get();
      }
    }
    throw new ApiException(
        ApiStatus.of(
            StatusReason.NOT_ACCEPTABLE,
            "only the following media types are accepted: %s, %s".formatted(JSON, YAML)));
  }

  private static Optional<Representation> representation(MediaType type) {
    boolean yaml = type.type().equals(YAML);
    if (!yaml && !List.of(JSON, "*/*", "application/*").contains(type.type())) {
      return Optional.empty();
    }
    String version = type.parameter("v");
    boolean known =
        type.parameter("g").equals("meta.k8s.io")
            && (version.equals("v1") || version.equals("v1beta1"));
    return switch (type.parameter("as")) {
      case "" -> Optional.of(new Representation(Form.OBJECT, "", yaml));
      case "Table" ->
          known ? Optional.of(new Representation(Form.TABLE, version, yaml)) : Optional.empty();
      case "PartialObjectMetadata", "PartialObjectMetadataList" ->
          known ? Optional.of(new Representation(Form.METADATA, version, yaml)) : Optional.empty();
      default -> Optional.empty();
    };
  }
}
