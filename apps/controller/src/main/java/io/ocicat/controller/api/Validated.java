package io.ocicat.controller.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A document fit to be stored: defaulted, free of unknown fields, valid. */
record Validated(ObjectNode document, List<String> warnings) {

  Validated {
    warnings = List.copyOf(warnings);
  }
}
