package io.ocicat.cni;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A refusal, as the runtime gets it on standard output.
 *
 * @param message one sentence: what was attempted, on what, why it was refused
 * @param details what else helps; may be empty
 */
public record CniError(CniErrorCode code, String message, String details) {

  public static CniError of(CniErrorCode code, String message) {
    return new CniError(code, message, "");
  }

  /**
   * The error object.
   *
   * @param cniVersion as the configuration gave it, or the newest
   */
  public String toJson(String cniVersion) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("cniVersion", cniVersion);
    object.put("code", code.value());
    object.put("msg", message);
    if (!details.isEmpty()) {
      object.put("details", details);
    }
    return object.toString();
  }
}
