package io.ocicat.cni;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What came of reading a call. The order of the checks is that of libcni's skeleton: variables,
 * then the configuration, then its version, then what the verb itself needs.
 */
public sealed interface CniReading {

  record Accepted(CniCall call) implements CniReading {}

  /**
   * @param cniVersion to put into the error object: as given, or the newest
   */
  record Refused(CniError error, String cniVersion) implements CniReading {}

  /** Reads and judges one call. */
  static CniReading of(CniFrame.Request request) {
    String version = CniVersion.NEWEST.toString();
    try {
      CniCommand command = CniRules.command(request);
      CniRules.requireVariables(command, request);
      JsonNode document = CniRules.document(request.stdin());
      JsonNode given = document.path("cniVersion");
      version = given.isTextual() ? given.asText() : version;
      NetConf conf = CniRules.conf(command, document);
      return new Accepted(CniRules.call(command, request, conf));
    } catch (CniRules.Violation e) {
      return new Refused(e.error, version);
    }
  }
}
