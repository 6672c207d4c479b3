package io.ocicat.controller.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A write that went through.
 *
 * @param object the object as it is now, with its resourceVersion
 * @param warnings what the writer should know
 * @param created whether it was not there before
 */
public record Change(ObjectNode object, List<String> warnings, boolean created) {

  public Change {
    warnings = List.copyOf(warnings);
  }
}
