package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a KubeControllersConfiguration ({@code projectcalico.org/v3}) says of what is honoured of
 * it.
 *
 * @param autoHostEndpoints whether each node has a host endpoint by itself
 */
public record KubeControllersConfiguration(Metadata metadata, boolean autoHostEndpoints) {

  /** Reads a document of kind KubeControllersConfiguration. */
  public static KubeControllersConfiguration read(JsonNode document) {
    Fields spec = Fields.of(document).at("spec");
    Fields config = spec.at("controllers").at("node").at("hostEndpoint");
    return new KubeControllersConfiguration(
        Metadata.read(document),
        config.text("autoCreate").equals("Enabled")
            && !config.text("createDefaultHostEndpoint").equals("Disabled"));
  }

  public String name() {
    return metadata.name();
  }
}
