package io.ocicat.controller.api.openapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.schema.OpenApiDefinitions;
import io.ocicat.model.schema.OpenApiDefinitions.Version;
import java.util.List;

/** Whole OpenAPI documents. */
public final class OpenApi {

  private static final String TITLE = "Ocicat";

  private OpenApi() {}

  /** All kinds, in version 2. */
  public static ObjectNode version2(List<ResourceKind> kinds, String programVersion) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("swagger", "2.0");
    document.putObject("info").put("title", TITLE).put("version", programVersion);
    document.set("paths", new OpenApiPaths(false).of(kinds));
    document.set("definitions", OpenApiDefinitions.of(Version.V2, kinds));
    return document;
  }

  /** The kinds of one group and version, in version 3. */
  public static ObjectNode version3(List<ResourceKind> kinds, String programVersion) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("openapi", "3.0.0");
    document.putObject("info").put("title", TITLE).put("version", programVersion);
    document.set("paths", new OpenApiPaths(true).of(kinds));
    document.putObject("components").set("schemas", OpenApiDefinitions.of(Version.V3, kinds));
    return document;
  }
}
